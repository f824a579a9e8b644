// Adding a scene, and giving the token, in dialogs.

import * as api from "./api.ts";
import { byId } from "./dom.ts";

export function prepareUpload(added: (scene: api.Scene) => void): () => void {
  const dialog = byId<HTMLDialogElement>("upload");
  const form = byId<HTMLFormElement>("upload-form");
  const submit = byId<HTMLButtonElement>("upload-submit");
  const problem = byId("upload-error");
  byId("upload-cancel").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    submit.disabled = true;
    submit.textContent = "Adding…";
    const data = new FormData(form);
    for (const name of ["labels", "legend", "vector"]) {
      const files = data.getAll(name).filter((file) => file instanceof File && file.size > 0);
      data.delete(name);
      for (const file of files) data.append(name, file);
    }
    if (!data.get("gsd")) data.delete("gsd");
    try {
      const scene = await api.addScene(data);
      dialog.close();
      form.reset();
      added(scene);
    } catch (error) {
      problem.textContent = (error as Error).message;
    } finally {
      submit.disabled = false;
      submit.textContent = "Add";
    }
  });
  return () => {
    problem.textContent = "";
    dialog.showModal();
  };
}

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
