// What was pinned beside what is set now, on the same worlds.
import { $, el, replace, share } from "./dom.js";

export class Compare {
  constructor({ ask, back }) {
    this.ask = ask;
    this.back = back;
    this.turn = 0;
  }

  pin(state) {
    this.pinned = structuredClone(state);
    this.refresh(state);
  }

  async refresh(state) {
    if (!this.pinned) return;
    $("compared").hidden = false;
    const asked = JSON.stringify([this.pinned, state]);
    if (asked === this.asked) return;
    this.asked = asked;
    const own = (this.turn += 1);
    const tools = el(
      "p",
      { class: "row" },
      el("button", { type: "button", onclick: () => this.back(this.pinned) }, "Back to the pinned one"),
      el("button", { type: "button", onclick: () => { this.pinned = undefined; this.asked = undefined; $("compared").hidden = true; } }, "Unpin"),
    );
    if (JSON.stringify(this.pinned) === JSON.stringify(state)) {
      return replace($("compare"), tools, el("p", { class: "muted" }, "Pinned. Change something to see both beside one another."));
    }
    replace($("compare"), tools, el("p", { class: "muted" }, "Working …"));
    const answer = await this.ask("compare", { pinned: this.pinned });
    if (own !== this.turn) return;
    if (answer.abandoned) {
      this.asked = undefined;
      return;
    }
    if (!answer.packages) return replace($("compare"), tools, el("p", { class: "fault" }, answer.absent ?? answer.defect ?? answer.faults?.[0]?.message ?? "no answer"));
    const terms = answer.packages[0]?.terms.map((t) => t.what) ?? [];
    const difference = (mean) => {
      if (mean.value === null) return "–";
      const points = 100 * mean.value;
      const sign = Math.round(points) > 0 ? "+" : Math.round(points) < 0 ? "−" : "";
      const error = mean.error === null ? "" : ` ±${(100 * mean.error).toFixed(1)}`;
      return `${sign}${Math.abs(Math.round(points))}${error}`;
    };
    // A package in hand goes by one name on both sides, whatever it holds.
    const [held, holds] = [this.pinned, state].map((of) => JSON.stringify(Object.entries(of.package ?? {}).sort()));
    const hand =
      held === holds ? null
      : held === "[]" ? "The package in hand is not on the pinned side, so that there is nothing to set it beside."
      : holds === "[]" ? "The package in hand is on the pinned side alone, so that there is nothing to set it beside."
      : "The package in hand has other terms on either side.";
    const order = [...answer.packages].sort((a, b) => (a.id === answer.lead ? -1 : b.id === answer.lead ? 1 : 0));
    const rows = order.map((p) =>
      el("tr", {}, el("th", {}, p.name), p.terms.map((t) => [el("td", {}, share(t.before)), el("td", {}, share(t.after)), el("td", { class: "difference" }, difference(t.difference))])),
    );
    replace(
      $("compare"),
      tools,
      el("ul", {}, answer.changes.map((change) => el("li", {}, el("code", {}, change)))),
      el(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": "Pinned and now" },
        el(
          "table",
          { class: "numbers" },
          el("thead", {},
            el("tr", {}, el("th", { rowspan: "2" }, "Package, of 100 worlds"), terms.map((t) => el("th", { colspan: "3" }, t[0].toUpperCase() + t.slice(1)))),
            el("tr", {}, terms.map(() => [el("th", {}, "Pinned"), el("th", {}, "Now"), el("th", {}, "Change")]))),
          el("tbody", {}, rows),
        ),
      ),
      answer.causes
        ? [
            el("p", {}, `What each change does alone to “${order[0].name}”, and what they do only together:`),
            el("ul", { class: "causes" }, answer.causes.map((cause) => el("li", {}, el("code", {}, cause.what), ` ${difference(cause.moved)} of 100`))),
          ]
        : null,
      hand ? el("p", { class: "footnote" }, hand) : null,
      el("p", { class: "footnote" }, `Of ${answer.worlds} worlds that are the same on both sides, so that changes are surer than either side; the answer above may be of more worlds.`),
    );
  }
}
