// Adding a scene, and giving the token, in dialogs.

import * as api from "./api.ts";
import { byId, fill, make, option } from "./dom.ts";
import * as numbers from "./numbers.ts";

const OF_A_FILE = ""; // the choice of a legend that is a file of one's own

export function prepareUpload(added: (scene: api.Scene) => Promise<void>): () => void {
  const dialog = byId<HTMLDialogElement>("upload");
  const form = byId<HTMLFormElement>("upload-form");
  const image = form.elements.namedItem("image") as HTMLInputElement;
  const labels = form.elements.namedItem("labels") as HTMLInputElement;
  const legend = form.elements.namedItem("legend") as HTMLInputElement;
  const choice = byId<HTMLSelectElement>("legend-choice");
  const submit = byId<HTMLButtonElement>("upload-submit");
  const problem = byId("upload-error");
  const sent = byId<HTMLProgressElement>("upload-parts");
  let shipped: api.Legend[] = [];

  const entry = ({ shown, values, colours }: api.Legend["entries"][number], share: string): HTMLElement => {
    const swatches = colours.slice(0, 6).map((colour) => {
      const swatch = make("span", { class: "swatch" });
      swatch.style.setProperty("--colour", colour);
      return swatch;
    });
    const said = [share, values.join(", ")].filter(Boolean).join(" · ");
    return make("li", {}, ...swatches, make("span", {}, shown), make("span", { class: "hint" }, said));
  };
  let look = 0; // numbers the looks at labels, so that a late reply shows nothing
  /** What the legend says; with labels also which share of their pixels each topic has. */
  const showLegend = (): void => {
    const mine = ++look;
    const own = choice.value === OF_A_FILE;
    byId("legend-file").hidden = !own;
    byId("legend-said").textContent = "";
    const entries = shipped.find(({ name }) => name === choice.value)?.entries ?? [];
    fill(byId("legend-preview"), ...entries.map((each) => entry(each, "")));
    const [raster, file] = [labels.files?.[0], own ? legend.files?.[0] : choice.value];
    if (!raster || !file) return;
    const data = new FormData();
    data.set("labels", raster);
    data.set("legend", file);
    byId("legend-said").textContent = "Looking at the labels…";
    api.lookAtLabels(data).then(
      ({ topics, unnamed, unnamed_values }) => {
        if (mine !== look) return;
        fill(byId("legend-preview"), ...topics.map((each) => entry(each, percent(each.share))));
        const values = unnamed_values.length ? `, values ${unnamed_values.join(", ")}` : "";
        byId("legend-said").textContent = unnamed > 0 ? `${percent(unnamed)} of the pixels have no topic${values}.` : "Every pixel has a topic.";
      },
      (error: Error) => {
        if (mine === look) byId("legend-said").textContent = error.message;
      },
    );
  };
  const open = (): void => {
    problem.textContent = "";
    if (!dialog.open) dialog.showModal();
    if (shipped.length) return;
    void api.legends().then((found) => {
      shipped = found;
      fill(choice, option(OF_A_FILE, "a file of mine"), ...found.map(({ name }) => option(name, name)));
    }, (error: Error) => (problem.textContent = error.message));
  };

  for (const field of [choice, labels, legend]) field.addEventListener("change", showLegend);
  byId("upload-cancel").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    if (labels.files?.length && choice.value === OF_A_FILE && !legend.files?.length) {
      problem.textContent = "What do the values of the labels mean? Choose a legend that is known here, or give a file.";
      choice.focus();
      return;
    }
    submit.disabled = true;
    submit.textContent = "Adding…";
    const data = new FormData(form);
    for (const name of ["labels", "legend", "vector"]) {
      const files = data.getAll(name).filter((file) => file instanceof File && file.size > 0);
      data.delete(name);
      for (const file of files) data.append(name, file);
    }
    if (choice.value !== OF_A_FILE && labels.files?.length) data.set("legend", choice.value);
    if (!data.get("gsd")) data.delete("gsd");
    try {
      sent.hidden = false;
      const scene = await api.addScene(data, (bytes, total) => {
        sent.max = total;
        sent.value = bytes;
        byId("upload-sent").textContent =
          bytes < total ? `${numbers.bytes(bytes)} of ${numbers.bytes(total)} sent` : "sent; the server looks at it";
      });
      await added(scene); // behind the dialog: nobody asks a question meanwhile, which its opening would end
      dialog.close();
      form.reset();
      showLegend();
    } catch (error) {
      problem.textContent = (error as Error).message;
    } finally {
      sent.hidden = true;
      byId("upload-sent").textContent = "";
      submit.disabled = false;
      submit.textContent = "Add";
    }
  });

  // A file dropped anywhere on the page is an image to add.
  addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    const files = event.dataTransfer?.files;
    if (!files?.length || (event.target as Element).matches?.("input[type=file]")) return;
    event.preventDefault();
    image.files = files;
    open();
  });
  return open;
}

const percent = (share: number): string =>
  share > 0 && share < 0.001 ? "below 0.1 %" : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/** Asks for the token until the server takes it. */
export function askToken(): Promise<void> {
  const dialog = byId<HTMLDialogElement>("token");
  const form = byId<HTMLFormElement>("token-form");
  dialog.showModal();
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  return new Promise((resolve) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await api.giveToken(String(new FormData(form).get("token")));
        dialog.close();
        resolve();
      } catch (error) {
        byId("token-error").textContent = (error as Error).message;
      }
    });
  });
}
