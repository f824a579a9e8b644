// All scenes as pictures with names: to search, open, and, of uploads, to rename and delete.

import * as api from "./api.ts";
import { byId, fill, make } from "./dom.ts";

const MOST = 200; // pictures at once; a search finds the others

/** Names as they are shown: scenes of one name are told apart by when they were added. */
export function namesOf(scenes: api.SceneEntry[]): Map<string, string> {
  const often = new Map<string, number>();
  for (const { name } of scenes) often.set(name, (often.get(name) ?? 0) + 1);
  return new Map(
    scenes.map(({ id, name, added, origin }) => {
      if (often.get(name) === 1) return [id, name];
      const when = added === null ? (origin === "folder" ? "in the folders" : id.slice(-6)) : `added ${moment(added)}`;
      return [id, `${name} (${when})`];
    }),
  );
}

const moment = (time: string): string =>
  new Date(time).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });

interface Page {
  scenes: () => Promise<api.SceneEntry[]>;
  open: (id: string) => void;
  removed: (id: string) => Promise<void>;
  renamed: (scene: api.Scene) => Promise<void>;
}

export function prepareGallery(page: Page): void {
  const dialog = byId<HTMLDialogElement>("gallery");
  const search = byId<HTMLInputElement>("gallery-search");
  const problem = byId("gallery-error");
  let scenes: api.SceneEntry[] = [];

  const guarded = async (work: () => Promise<void>): Promise<void> => {
    problem.textContent = "";
    try {
      await work();
      scenes = await page.scenes();
      draw();
    } catch (error) {
      problem.textContent = (error as Error).message;
    }
  };
  const item = (scene: api.SceneEntry, name: string): HTMLElement => {
    const picture = make("img", {
      src: api.sceneTile(scene.id, { bands: "", stretch: "auto" }, 0, 0, 0),
      alt: "",
      loading: "lazy",
      width: 128,
      height: 128,
    });
    const open = make("button", { type: "button", class: "thumbnail" }, picture, make("span", {}, name));
    open.addEventListener("click", () => {
      dialog.close();
      page.open(scene.id);
    });
    if (scene.origin === "folder") return make("li", {}, open);
    const rename = make("button", { type: "button", class: "link", "aria-label": `Rename ${name}` }, "Rename");
    rename.addEventListener("click", () => {
      const field = make("input", { value: scene.name, "aria-label": `New name of ${name}`, maxlength: 100 });
      const save = make("button", { type: "button" }, "Save");
      const done = (): void => void guarded(async () => page.renamed(await api.renameScene(scene.id, field.value)));
      save.addEventListener("click", done);
      field.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        done();
      });
      fill(actions, field, save);
      field.focus();
      field.select();
    });
    const remove = make("button", { type: "button", class: "link", "aria-label": `Delete ${name}` }, "Delete");
    remove.addEventListener("click", () => {
      const really = make("button", { type: "button", class: "link" }, "Delete it for good");
      really.addEventListener("click", () =>
        void guarded(async () => {
          await api.removeScene(scene.id);
          await page.removed(scene.id);
        }),
      );
      const keep = make("button", { type: "button", class: "link" }, "Keep");
      keep.addEventListener("click", draw);
      fill(actions, really, keep);
      keep.focus();
    });
    const actions = make("div", { class: "row" }, rename, remove);
    return make("li", {}, open, actions);
  };
  const draw = (): void => {
    const wanted = search.value.trim().toLowerCase();
    const names = namesOf(scenes);
    const found = scenes.filter(({ id }) => names.get(id)!.toLowerCase().includes(wanted));
    byId("gallery-count").textContent =
      found.length > MOST ? `${found.length} scenes, the first ${MOST} are shown` : `${found.length} of ${scenes.length} scenes`;
    fill(byId("gallery-list"), ...found.slice(0, MOST).map((scene) => item(scene, names.get(scene.id)!)));
  };

  search.addEventListener("input", draw);
  byId("gallery-close").addEventListener("click", () => dialog.close());
  byId("all-scenes").addEventListener("click", () => {
    search.value = "";
    fill(byId("gallery-list"));
    dialog.showModal();
    void guarded(async () => undefined);
  });
}
