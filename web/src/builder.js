// A package in hand: options on every issue, who accepts it, each party's margin taken apart, and what would turn whoever refuses.
import { $, el, replace, written, signed, share } from "./dom.js";

const IN_HAND = "package_in_hand";

export class Builder {
  constructor({ hold, ask, keep }) {
    this.hold = hold;
    this.ask = ask;
    this.keep = keep;
    this.turn = 0;
  }

  show(answer, state) {
    this.answer = answer;
    this.state = state;
    if (answer.packages.length === 0 && answer.issues.length === 0) return replace($("build"));
    const held = Object.keys(state.package).length > 0;
    const lead = answer.packages.find((p) => p.id === (held ? IN_HAND : answer.lead)) ?? answer.packages[0];
    this.said = lead;
    // What a reader has open stays open while the answer is refined: then only shares are new.
    const key = JSON.stringify([state, lead?.id, answer.packages.map((p) => p.name), answer.issues]);
    if (key === this.key && this.parties && answer.worlds > this.worlds) {
      this.worlds = answer.worlds;
      return this.shares(lead);
    }
    [this.key, this.worlds, this.parties] = [key, answer.worlds, undefined];
    this.now = held
      ? { ...state.package }
      : Object.fromEntries(answer.issues.map((issue, i) => [issue.id, issue.options[lead ? lead.options[i] : issue.status_quo].id]));
    const from = el(
      "select",
      { id: "build-from", onchange: (event) => this.take(event.target.value) },
      held ? el("option", { value: "" }, "The package in hand") : null,
      answer.packages.filter((p) => p.id !== IN_HAND).map((p) => el("option", { value: p.id, selected: !held && p.id === lead?.id }, p.name)),
    );
    const active = document.activeElement?.id;
    replace(
      $("build"),
      el("p", {}, el("label", { for: "build-from" }, "Begin with "), from, held ? el("button", { type: "button", class: "quiet", onclick: () => this.hold({}) }, "put it down") : null),
      el("div", { class: "issues" }, answer.issues.map((issue) => this.issue(issue))),
      el("div", { id: "built" }),
      el("div", { class: "row" },
        el("button", { type: "button", id: "turns-ask", onclick: () => this.turns() }, "What would get everybody in?"),
        el("button", { type: "button", id: "hinges-ask", onclick: () => this.hinges() }, "What would have to be true?"),
        held ? el("button", { type: "button", id: "package-keep", onclick: () => this.name() }, "Add to the case as a named package") : null),
      el("div", { id: "turns" }),
      el("div", { id: "hinges" }),
    );
    if (active) document.getElementById(active)?.focus();
    this.margins(lead);
  }

  // How often each party accepts, where it stands already.
  shares(lead) {
    const words = (i) => (this.parties[i].needed ? `accepts in ${share(lead.accepts[i])} of 100` : "consent not needed");
    $("built").querySelectorAll(".accepts").forEach((span, i) => { span.textContent = words(i); });
    const finding = $("built").querySelector(".finding");
    if (finding) finding.textContent = `“${lead.name}”: all sign in ${share(lead.signed)} of 100 worlds.`;
  }

  issue(issue) {
    const id = `i-${issue.id}`;
    return el(
      "div",
      { class: "issue" },
      el("label", { for: id }, issue.name),
      el(
        "select",
        { id, onchange: (event) => this.hold({ ...this.now, [issue.id]: event.target.value }) },
        issue.options.map((o) => el("option", { value: o.id, selected: this.now[issue.id] === o.id }, o.name)),
      ),
    );
  }

  take(id) {
    const found = this.answer.packages.find((p) => p.id === id);
    if (!found) return;
    this.hold(Object.fromEntries(this.answer.issues.map((issue, i) => [issue.id, issue.options[found.options[i]].id])));
  }

  async margins(lead) {
    if (!lead) return;
    const own = (this.turn += 1);
    const answer = await this.ask("build", { package: lead.id });
    if (own !== this.turn || !answer.parties) return;
    this.parties = answer.parties;
    const parties = answer.parties.map((party) => {
      const needed = party.needed;
      const head = el(
        "summary",
        {},
        el("span", { class: needed ? "who" : "who muted" }, party.name),
        el("span", { class: "accepts" }),
        el("span", { class: "muted" }, party.types.map((t) => `${party.types.length > 1 ? `${t.name} ` : ""}${signed(t.margin)}`).join("; ")),
      );
      const bodies = party.types.map((t) => [
        party.types.length > 1 ? el("h4", {}, `${t.name} (${Math.round(100 * t.prior)} of 100)`) : null,
        t.crossed.length > 0 ? el("p", { class: "red" }, `Crosses its hard red line: ${t.crossed.join("; ")}`) : null,
        t.picture ? el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `${t.name}: margin` }, written(t.picture)) : el("p", { class: "muted" }, "No margin can be told."),
      ]);
      return el("details", { class: "margin" }, head, el("p", { class: "footnote" }, "Points, with every number at its median: what the package brings, less what refusing is worth."), bodies.flat());
    });
    replace($("built"), el("p", { class: "finding" }), parties);
    this.shares(this.said);
  }

  async turns() {
    const button = $("turns-ask");
    button.disabled = true;
    replace($("turns"), el("p", { class: "muted" }, "Trying changes of one, two and three terms …"));
    const answer = await this.ask("turns", { package: this.said?.id });
    button.disabled = false;
    if (answer.abandoned) return replace($("turns"));
    if (!answer.turns) return replace($("turns"), el("p", { class: "fault" }, answer.absent ?? answer.defect ?? "no answer"));
    if (answer.turns.length === 0) {
      return replace($("turns"), el("p", {}, `None of ${answer.tried} changes of up to three terms brings all to sign oftener than now (${share(answer.as_it_is.signed)} of 100).`));
    }
    const cost = (c) => `${c.party} ${signed(c.points)} (accepts in ${c.accepts})`;
    const rows = answer.turns.map((row) =>
      el(
        "tr",
        {},
        el("th", {}, row.terms.map((t) => t.words).join("; ")),
        el("td", {}, share(row.signed)),
        el("td", { class: "words" }, row.costs.map(cost).join("; ")),
        el("td", {}, el("button", { type: "button", class: "quiet", onclick: () => this.hold({ ...this.now, ...Object.fromEntries(row.terms.map((t) => [t.issue, t.option])) }) }, "take it")),
      ),
    );
    replace(
      $("turns"),
      el("p", { class: "footnote" }, `Of ${answer.tried} changes tried in ${answer.worlds} worlds: smallest first among those that all sign in half of the worlds. Points are each party’s own, compared with the package as it is (signed in ${share(answer.as_it_is.signed)} of 100).`),
      el(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": "What would get everybody in" },
        el("table", { class: "numbers" }, el("thead", {}, el("tr", {}, el("th", {}, "Change"), el("th", {}, "All sign, of 100"), el("th", { class: "words" }, "What each gains or loses, points"), el("th", {}, ""))), el("tbody", {}, rows)),
      ),
    );
  }

  async hinges() {
    const button = $("hinges-ask");
    button.disabled = true;
    replace($("hinges"), el("p", { class: "muted" }, "Looking for what decides it …"));
    const answer = await this.ask("hinges", { package: this.said?.id });
    button.disabled = false;
    if (answer.abandoned) return replace($("hinges"));
    if (!answer.hinges) return replace($("hinges"), el("p", { class: "fault" }, answer.absent ?? answer.defect ?? "no answer"));
    if (answer.hinges.length === 0) {
      const why = answer.constant ? "It is the same in all of them: no number decides it." : "None explains enough to be told from noise.";
      return replace($("hinges"), el("p", {}, `Of ${answer.worlds} worlds. ${why}`));
    }
    const rows = answer.hinges.map((row) =>
      el("tr", {}, el("th", {}, row.label, row.placeholder ? el("span", { class: "mark" }, " placeholder") : null), el("td", {}, row.low), el("td", {}, row.high), el("td", { class: "words" }, row.direction), el("td", {}, row.index)),
    );
    replace(
      $("hinges"),
      el("p", { class: "footnote" }, `How often all sign, of 100 worlds, in the lowest and in the highest eighth of each number’s range, of ${answer.worlds} worlds; and how much of the difference between worlds it explains alone.`),
      el(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": "What would have to be true" },
        el("table", { class: "numbers" }, el("thead", {}, el("tr", {}, el("th", {}, "If this number were"), el("th", {}, "at its lowest"), el("th", {}, "at its highest"), el("th", { class: "words" }, "As it grows"), el("th", {}, "Explains, %"))), el("tbody", {}, rows)),
      ),
    );
  }

  name() {
    const input = el("input", { id: "package-name", required: true });
    const form = el("form", { class: "row", onsubmit: (event) => { event.preventDefault(); this.keep(input.value); } }, el("label", { for: "package-name" }, "Name "), input, el("button", {}, "Add"));
    $("package-keep").replaceWith(form);
    input.focus();
  }
}
