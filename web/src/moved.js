// Numbers that can be moved: sliders for those that decide most and for any that is asked for, switches, and what is set.
import { $, el, replace, number } from "./dom.js";

// Sliders that are there before anybody asks for more.
const SHOWN = 6;

export class Moved {
  // `set`: the number stands so from now on; `glance`: it is being moved there; `settle`: it was moved, and let go.
  constructor({ set, glance, settle }) {
    Object.assign(this, { set, glance, settle });
    this.asked = [];
    this.held = [];
    $("path").addEventListener("input", () => $("path").setCustomValidity(""));
    $("more").addEventListener("submit", (event) => {
      event.preventDefault();
      const typed = $("path").value.trim();
      const found = this.controls?.find((c) => c.path === typed || c.label === typed);
      $("path").setCustomValidity(found || typed === "" ? "" : "The case has no number of this name: choose one of the list.");
      if (!found) return $("path").reportValidity();
      if (!this.asked.includes(found.path)) this.asked.push(found.path);
      $("path").value = "";
      this.draw();
    });
  }

  show(answer, state) {
    this.controls = answer.controls;
    this.state = state;
    // What decides most is told by many worlds: few tell none, and then those of before stay.
    const deciding = answer.movers.map((m) => m.path).slice(0, SHOWN);
    if (deciding.length > 0) this.held = deciding;
    this.movers = new Map(answer.movers.map((m) => [m.path, m]));
    $("movers-seen").textContent = answer.movers_seen;
    const known = $("paths");
    if (known.childElementCount !== this.controls.length) {
      replace(known, this.controls.map((c) => el("option", { value: c.path }, c.label)));
    }
    this.draw();
  }

  draw() {
    const numbers = this.controls.filter((c) => !c.switch);
    let paths = [...new Set([...this.asked, ...Object.keys(this.state.set), ...this.held])];
    if (this.held.length === 0) {
      // Nothing is known to decide: the widest of what the case says little of.
      paths = [...new Set([...paths, ...numbers.filter((c) => c.exact === null).slice(0, SHOWN).map((c) => c.path)])];
    }
    const shown = paths.map((path) => numbers.find((c) => c.path === path)).filter(Boolean);
    const active = document.activeElement?.id;
    replace($("sliders"), shown.map((c) => this.slider(c)));
    if (active) document.getElementById(active)?.focus();
    const switches = this.controls.filter((c) => c.switch);
    $("switches").hidden = switches.length === 0;
    replace($("switch-list"), switches.map((c) => this.toggle(c)));
    if (active) document.getElementById(active)?.focus();
    const set = Object.entries(this.state.set);
    replace(
      $("set"),
      set.length === 0
        ? null
        : [
            el("h3", {}, "Set here"),
            el("ul", {}, set.map(([path, value]) => el("li", {}, el("code", {}, path), ` = ${value} `, el("button", { type: "button", class: "quiet", onclick: () => this.set(path, null) }, "as written")))),
          ],
    );
  }

  range(c) {
    if (this.ranges?.get(c.path)) return this.ranges.get(c.path);
    this.ranges ??= new Map();
    let [low, , high] = c.at;
    if (c.exact !== null) {
      const wide = Math.abs(c.exact) || 1;
      [low, high] = [c.exact - wide, c.exact + wide];
    }
    const wide = high - low;
    low -= 0.25 * wide;
    high += 0.25 * wide;
    const [least, most] = c.bounds;
    if (least !== null) low = Math.max(low, least === 0 && !c.share && c.exact === null ? Math.max(c.at[0] / 2, least) : least);
    if (most !== null) high = Math.min(high, most);
    const range = [low, high];
    this.ranges.set(c.path, range);
    return range;
  }

  slider(c) {
    const set = this.state.set[c.path];
    const own = this.ranges?.get(c.path) ?? this.range(c);
    const [low, high] = own;
    const now = set !== undefined && Number.isFinite(Number(set)) ? Number(set) : c.at[1];
    const id = `s-${c.path.replaceAll(/[^\w]/g, "-")}`;
    const shown = el("output", { for: id }, set ?? this.asWritten(c));
    const moved = (event) => String(Number(Number(event.target.value).toPrecision(4)));
    const unit = c.unit ? ` ${c.unit}` : "";
    const input = el("input", {
      type: "range", id, min: low, max: high, step: (high - low) / 200, value: String(now),
      "aria-describedby": `${id}-says`,
      oninput: (event) => {
        shown.textContent = number(Number(event.target.value), 3);
        this.glance(c.path, moved(event));
      },
      onchange: (event) => this.set(c.path, moved(event)),
      onpointerup: () => setTimeout(this.settle),
    });
    const mover = this.movers.get(c.path);
    const says = mover
      ? `Explains ${mover.index} % of the answer alone; as it grows the answer ${mover.direction} (${mover.low} to ${mover.high} of 100)`
      : c.path;
    return el(
      "div",
      { class: `slider${set === undefined ? "" : " is-set"}` },
      el("label", { for: id }, c.label),
      el("div", { class: "track" }, input, el("span", { class: "value" }, shown, unit)),
      el(
        "p",
        { class: "footnote", id: `${id}-says` },
        says,
        c.status === "placeholder" || c.status === "default" ? el("span", { class: "mark" }, ` ${c.status}`) : null,
        set === undefined ? null : [" ", el("button", { type: "button", class: "quiet", onclick: () => this.set(c.path, null) }, "as written")],
      ),
    );
  }

  asWritten(c) {
    if (c.exact !== null) return number(c.exact, 3);
    return `${number(c.at[0], 2)} to ${number(c.at[2], 2)}`;
  }

  toggle(c) {
    const set = this.state.set[c.path];
    const on = set === undefined ? c.exact !== 0 : set === "true";
    const id = `w-${c.path.replaceAll(/[^\w]/g, "-")}`;
    return el(
      "div",
      { class: "switch" },
      el("input", { type: "checkbox", id, checked: on, onchange: (event) => this.set(c.path, String(event.target.checked)) }),
      el("label", { for: id }, c.label, " ", el("code", {}, c.path)),
      set === undefined ? null : el("button", { type: "button", class: "quiet", onclick: () => this.set(c.path, null) }, "as written"),
    );
  }
}
