// What was asked of a scene: listed, shown again, asked again, and two answers side by side.

import type { HistoryEntry, Scene } from "./api.ts";
import * as api from "./api.ts";
import { byId, fill, make } from "./dom.ts";
import { saidOf } from "./part.ts";

const MOST = 100; // that are listed; the CSV has all

interface Page {
  scene: () => Scene | null;
  show: (answer: string) => void;
  again: (entry: HistoryEntry) => void;
}

const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });

export class History {
  private entries: HistoryEntry[] = [];
  private readonly chosen = new Set<string>();
  private readonly card = byId<HTMLDetailsElement>("history-card");
  private readonly compare = byId<HTMLButtonElement>("history-compare");

  constructor(private readonly page: Page) {
    this.compare.addEventListener("click", () => this.sideBySide());
    byId("compare-close").addEventListener("click", () => byId<HTMLDialogElement>("compare").close());
  }

  /** Reads the history of the scene that is open; what was chosen in another one's is forgotten. */
  async refresh(): Promise<void> {
    const scene = this.page.scene();
    if (!scene) return void (this.card.hidden = true);
    const { total, history } = await api.history(scene.id);
    if (this.page.scene()?.id !== scene.id) return;
    this.entries = history;
    for (const id of [...this.chosen]) if (!history.some((entry) => entry.id === id)) this.chosen.delete(id);
    this.card.hidden = total === 0;
    byId("history-count").textContent = String(total);
    byId<HTMLAnchorElement>("history-csv").href = api.historyTable(scene.id);
    byId("history-more").textContent = total > MOST ? `The latest ${MOST} of ${total}; the CSV has all.` : "";
    fill(byId("history"), ...history.slice(0, MOST).map((entry) => this.item(entry)));
    this.count();
  }

  private item(entry: HistoryEntry): HTMLElement {
    const title = titleOf(entry);
    const show = make("button", { type: "button", class: "link asked-before" }, title);
    show.addEventListener("click", () => this.page.show(entry.id));
    const again = make("button", { type: "button", class: "link", "aria-label": `Ask again: ${title}` }, "Ask again");
    again.addEventListener("click", () => this.page.again(entry));
    const box = make("input", { type: "checkbox", id: `compare-${entry.id}`, checked: this.chosen.has(entry.id) });
    box.addEventListener("change", () => {
      if (box.checked) this.chosen.add(entry.id);
      else this.chosen.delete(entry.id);
      this.count();
    });
    const compare = make("label", { class: "check", for: box.id }, box, make("span", {}, "Compare"));
    const said = [saidOf(entry.order), moment(entry.asked)].filter(Boolean).join(" · ");
    return make(
      "li",
      {},
      show,
      make("p", { class: "brief" }, entry.text),
      make("p", { class: "hint" }, said),
      make("div", { class: "row" }, again, compare),
    );
  }

  private count(): void {
    this.compare.disabled = this.chosen.size !== 2;
    const left = 2 - this.chosen.size;
    byId("history-choose").textContent =
      left === 0 ? "" : left > 0 ? `Choose ${left === 2 ? "two answers" : "one more"} to compare.` : "Choose two of them only.";
  }

  private sideBySide(): void {
    const pair = this.entries.filter(({ id }) => this.chosen.has(id)).sort((a, b) => Date.parse(a.asked) - Date.parse(b.asked));
    if (pair.length !== 2) return;
    const [one, other] = pair as [HistoryEntry, HistoryEntry];
    byId("compare-difference").textContent = difference(one, other);
    const rows: [string, (entry: HistoryEntry) => string][] = [
      ["Question", titleOf],
      ["Answer", ({ text }) => text],
      ["Read as", ({ reading }) => reading || "–"],
      ["Where and when", ({ order }) => saidOf(order) || "the whole scene"],
      ["Masks", ({ order }) => order.segmenter ?? "the scene's own maps"],
      ["Program by", ({ order }) => api.coderName(order.coder)],
      ["Metres per pixel", ({ order }) => (order.gsd === null ? "from the file" : `${order.gsd}, as given`)],
      ["Asked", ({ asked }) => moment(asked)],
    ];
    const picture = (entry: HistoryEntry): HTMLElement => {
      const show = make("button", { type: "button" }, "Show on the map");
      show.addEventListener("click", () => {
        byId<HTMLDialogElement>("compare").close();
        this.page.show(entry.id);
      });
      const drawn = make("img", { src: api.file(entry.id, "overlay.png"), alt: `The answer to “${titleOf(entry)}” drawn on the scene` });
      return make("td", {}, drawn, show);
    };
    const differ = (told: (entry: HistoryEntry) => string): string => (told(one) === told(other) ? "" : "differs");
    fill(
      byId("compare-table"),
      make(
        "tbody",
        {},
        ...rows.map(([name, told]) =>
          make("tr", { class: differ(told) }, make("th", { scope: "row" }, name), ...pair.map((entry) => make("td", {}, told(entry)))),
        ),
        make("tr", {}, make("th", { scope: "row" }, "Picture"), ...pair.map(picture)),
      ),
    );
    byId<HTMLDialogElement>("compare").showModal();
  }
}

const titleOf = (entry: HistoryEntry): string => entry.question || "A program of your own";

const moment = (time: string): string =>
  new Date(time).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** By how much two numbers of one unit differ, the earlier asked first. */
function difference(one: HistoryEntry, other: HistoryEntry): string {
  if (typeof one.value !== "number" || typeof other.value !== "number") {
    return one.text === other.text ? "Both answers are the same." : "";
  }
  const unit = one.unit === null || one.unit === "count" ? "" : ` ${one.unit}`;
  if (one.unit !== other.unit) return `The units differ: ${one.unit ?? "none"} and ${other.unit ?? "none"}.`;
  const by = other.value - one.value;
  if (by === 0) return "Both answers are the same.";
  const share = one.value === 0 || one.unit === "%" ? "" : `, ${by > 0 ? "+" : "−"}${plain.format(Math.abs((100 * by) / one.value))} %`;
  const points = one.unit === "%" ? " points" : "";
  return `Right minus left: ${by > 0 ? "+" : "−"}${plain.format(Math.abs(by))}${unit}${points}${share}.`;
}
