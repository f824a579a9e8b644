// The page: pick a scene, ask, see what was measured. What is shown has an address: #scene/ID, #job/ID or #answer/ID.

import "ol/ol.css";
import "./app.css";
import * as api from "./api.ts";
import { Asking, reply } from "./asking.ts";
import { Corrections } from "./correct.ts";
import { byId, fill, make, option } from "./dom.ts";
import { namesOf, prepareGallery } from "./gallery.ts";
import { History } from "./history.ts";
import * as kept from "./kept.ts";
import { SceneMap } from "./map.ts";
import * as numbers from "./numbers.ts";
import { partOf, Parts } from "./part.ts";
import * as place from "./place.ts";
import { Readout } from "./readout.ts";
import { Sketch } from "./sketch.ts";
import { Swipe } from "./swipe.ts";
import { Tools } from "./tools.ts";
import { askToken, prepareUpload } from "./upload.ts";

const picker = byId<HTMLSelectElement>("scene");
const gsd = byId<HTMLInputElement>("gsd");
const segmenter = byId<HTMLSelectElement>("segmenter");
const coder = byId<HTMLSelectElement>("coder");
const adjust = byId<HTMLInputElement>("adjust");
adjust.checked = kept.read().adjust;

const target = byId("map");
const map = new SceneMap(target);
const sketch = new Sketch(map, target, () => tools.stop());
const tools = new Tools(map, target, () => sketch.stop());
const swipe = new Swipe(map);
const given = (): number | null => (gsd.value ? Number(gsd.value) : null);
const readout = new Readout(map, target);
const typed = new Map(Object.entries(kept.read().gsd)); // metres per pixel that a person gave, by scene
const openUpload = prepareUpload(async (scene) => {
  try {
    await listScenes();
    await opening; // a page that was slow to begin may have opened it by itself
    if (current?.id !== scene.id) goTo("scene", scene.id);
    await opening;
  } catch (error) {
    asking.fail(reply(error)); // the scene is there; the dialog would offer to add it once more
  }
});

let current: api.Scene | null = null;
let opening: Promise<void> = Promise.resolve(); // what the address says now

const asking = new Asking(map, {
  opened: async () => {
    let seen: Promise<void> | null = null;
    while (seen !== opening) await (seen = opening); // another scene may be picked in the meantime
    return current;
  },
  order: (kind) => ({
    scene: current?.id,
    gsd: given(),
    segmenter: segmenter.value || null,
    ...(kind === "ask" ? { adjust_area: adjust.checked } : {}), // what a program measures, nobody knows
    ...parts.order(kind),
    ...corrections.order(),
  }),
  part: () => parts.part,
  ofAnswer: (asked, outlines) => {
    parts.fold();
    return parts.show(partOf(asked), { asked, outlines });
  },
  correct: (view, shapes, made) => corrections.show(view, shapes, made),
  answered: () => void history.refresh().catch(() => undefined), // the answer itself is there
  coder: () => coder.value || null,
  noScene: openUpload,
});

const parts: Parts = new Parts(map, sketch, swipe, {
  scene: () => current,
  scenes: api.scenes,
  gsd: given,
  changed: (part) => goTo("scene", current?.id ?? "", part),
});

const corrections: Corrections = new Corrections(map, sketch, (own) => {
  asking.again(byId<HTMLTextAreaElement>("question").value, own ? byId<HTMLTextAreaElement>("program").value : null);
});

const history = new History({
  scene: () => current,
  show: (answer) => goTo("answer", answer),
  again: ({ order, question, id }) => void again(order, question, id).catch((error: Error) => asking.fail(reply(error))),
});

/** Asks once more what was asked, in the same words, place and way. */
async function again(order: api.Asked, question: string, id: string): Promise<void> {
  const program = order.kind === "run" ? (await api.answer(id)).program : null;
  const made = order.corrections ? await api.corrections(id) : [];
  goTo("scene", current?.id ?? "", partOf(order));
  await opening;
  corrections.take(made);
  gsd.value = order.gsd === null ? "" : String(order.gsd);
  adjust.checked = order.adjust_area ?? false;
  choose(segmenter, order.segmenter ?? "maps");
  choose(coder, order.coder);
  tellOptions();
  asking.again(question, program);
}

/** Picks what a list has; what it has no more leaves it as it is. */
function choose(list: HTMLSelectElement, wanted: string): void {
  if ([...list.options].some(({ value }) => value === wanted)) list.value = wanted;
}

async function start(): Promise<void> {
  place.takeShared();
  try {
    await api.options();
  } catch (error) {
    if (error instanceof api.Refusal && error.status === 401) await askToken();
    else throw error;
  }
  const options = await api.options();
  fill(coder, ...options.coders.map((name) => option(name, api.coderName(name))));
  choose(coder, kept.read().coder);
  byId<HTMLTextAreaElement>("question").maxLength = options.question_characters;
  await listScenes();
  addEventListener("popstate", follow);
  await show();
}

let asked: Promise<api.SceneEntry[]> = Promise.resolve([]);

async function listScenes(): Promise<api.SceneEntry[]> {
  asked = api.scenes();
  let seen: Promise<api.SceneEntry[]>;
  let scenes: api.SceneEntry[];
  do scenes = await (seen = asked);
  while (seen !== asked); // a list that comes late knows less than one that was asked for after it
  const names = namesOf(scenes);
  const group = (label: string, origin: string): Node[] => {
    const found = scenes.filter((scene) => scene.origin === origin);
    if (!found.length) return [];
    return [make("optgroup", { label }, ...found.map((scene) => option(scene.id, names.get(scene.id) ?? scene.name)))];
  };
  fill(picker, ...group("Uploaded", "upload"), ...group("In the folders", "folder"));
  picker.disabled = !scenes.length;
  if (current) picker.value = current.id;
  byId("empty").hidden = Boolean(scenes.length);
  return scenes;
}

function goTo(kind: place.Kind, id: string, part = place.WHOLE): void {
  place.push(kind, id, part);
  follow();
}

/** Shows what the address says; whatever was begun for an earlier address shows nothing any more. */
function follow(): void {
  opening = show().catch((error: Error) => {
    if (current) picker.value = current.id;
    asking.fail(reply(error));
  });
}

async function show(): Promise<void> {
  const turn = asking.leave();
  const [kind, id, part] = place.read();
  if (kind === "answer") {
    try {
      const view = await api.view(id);
      if (await openScene(view.scene, turn)) await asking.showAnswer(id, turn);
      return;
    } catch (error) {
      if (!(error instanceof api.Refusal) || !turn.isOn) throw error; // else it has expired: begin anew
    }
  } else if (kind === "job") {
    try {
      const job = await api.job(id);
      const scene = job.scene || (await api.view(id)).scene;
      if (await openScene(scene, turn)) {
        asking.watch(job, turn);
        await parts.show(part);
      }
      return;
    } catch (error) {
      if (!(error instanceof api.Refusal) || !turn.isOn) throw error;
    }
  } else if (kind === "scene") {
    if (await openScene(id, turn)) void parts.show(part);
    return;
  }
  const first = picker.options[0];
  place.replace("", "");
  if (first && (await openScene(first.value, turn))) void parts.show(place.WHOLE);
}

/** Whether the scene is open and still wanted. */
async function openScene(id: string, turn: place.Turn): Promise<boolean> {
  picker.value = id;
  if (current?.id === id) return turn.isOn;
  const scene = await api.scene(id);
  if (!turn.isOn) return false;
  tools.stop();
  sketch.stop();
  parts.close();
  corrections.take([]);
  current = scene;
  gsd.value = typed.get(scene.id) ?? "";
  tellOptions();
  picker.value = scene.id;
  byId("empty").hidden = true;
  map.show(scene);
  readout.show(scene);
  document.title = `${scene.name} · Planimeter`;
  const size = `${numbers.count(scene.width)} × ${numbers.count(scene.height)} pixels`;
  byId<HTMLDetailsElement>("examples-box").open = true;
  byId("scene-facts").textContent = [size, numbers.scale(scene.gsd, scene.scale_source), scene.crs ?? ""]
    .filter(Boolean)
    .join(" · ");
  gsd.placeholder = scene.gsd === null ? "unknown" : "from the file";
  fill(segmenter, ...scene.segmenters.map(({ name, shown }) => option(name, shown)));
  fill(byId("examples"), ...scene.examples.map((text) => asking.button(text)));
  void history.refresh().catch((error: Error) => (byId("history-more").textContent = error.message));
  return true;
}

/** Keeps what a person gave under "Options", and says it beside them, so that it is seen while they are closed. */
function tellOptions(): void {
  if (current && gsd.value) typed.set(current.id, gsd.value);
  else if (current) typed.delete(current.id);
  kept.keep({ gsd: Object.fromEntries(typed), adjust: adjust.checked, coder: coder.value || kept.read().coder });
  const said = gsd.value ? [`${gsd.value} m per pixel, as you gave it for this scene`] : [];
  if (adjust.checked) said.push("the true area estimated too");
  byId("options-given").textContent = said.join("; ");
}

document.querySelector(".skip")?.addEventListener("click", (event) => {
  event.preventDefault(); // the address says what is shown
  byId("question").focus();
});
gsd.addEventListener("input", tellOptions);
adjust.addEventListener("change", tellOptions);
coder.addEventListener("change", tellOptions);
gsd.addEventListener("change", () => {
  if (parts.part.area) void parts.show(parts.part); // its size on the ground is another one
});
prepareGallery({
  scenes: listScenes,
  open: (id) => goTo("scene", id),
  removed: async (id) => {
    if (current?.id !== id) return;
    current = null;
    await listScenes();
    place.push("", "");
    follow();
  },
  renamed: async (scene) => {
    if (current?.id !== scene.id) return;
    current = scene;
    document.title = `${scene.name} · Planimeter`;
  },
});
byId("fit").addEventListener("click", () => map.fit());
byId("zoom-in").addEventListener("click", () => map.zoom(1));
byId("zoom-out").addEventListener("click", () => map.zoom(-1));
byId("add-scene").addEventListener("click", openUpload);
byId("empty-add").addEventListener("click", openUpload);
picker.addEventListener("change", () => goTo("scene", picker.value));
opening = start().catch((error: Error) => asking.fail(reply(error)));
