// What a page can do besides being read: sort tables, open and close what is folded, show a number under the pointer, and hand
// out its figures and tables as files. Without it nothing is missing from the text.
"use strict";
(() => {
  const make = (tag, text, parent) => {
    const element = document.createElement(tag);
    element.textContent = text;
    parent.append(element);
    return element;
  };
  const save = (name, blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const base = (document.title.split(":")[0] || "report").trim().replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase();
  const button = (label, act, parent) => {
    const element = make("button", label, parent);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  };

  // Figures: the picture that is shown, with its colours written into it, as SVG or PNG.
  const PAINT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin",
    "stroke-linecap", "paint-order", "font-size", "font-weight", "font-style", "font-family", "text-anchor", "opacity"];
  const picture = (svg) => {
    const copy = svg.cloneNode(true);
    const from = [svg, ...svg.querySelectorAll("*")];
    const to = [copy, ...copy.querySelectorAll("*")];
    from.forEach((element, i) => {
      const style = getComputedStyle(element);
      to[i].setAttribute("style", PAINT.map((p) => `${p}:${style.getPropertyValue(p)}`).join(";"));
    });
    const box = svg.viewBox.baseVal;
    const [w, h] = box && box.width ? [box.width, box.height] : [svg.clientWidth, svg.clientHeight];
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", w);
    copy.setAttribute("height", h);
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    paper.setAttribute("x", box ? box.x : 0);
    paper.setAttribute("y", box ? box.y : 0);
    paper.setAttribute("width", w);
    paper.setAttribute("height", h);
    paper.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
    copy.prepend(paper);
    return { text: new XMLSerializer().serializeToString(copy), w, h };
  };
  const asPng = ({ text, w, h }, name) => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = 2 * w;
      canvas.height = 2 * h;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => blob && save(name, blob), "image/png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  };
  const shown = (figure) => [...figure.querySelectorAll("svg.chart:not(.swatch)")].filter((svg) => svg.clientWidth > 0);

  // Tables: as comma-separated text, in the order shown.
  const asCsv = (table) => [...table.rows].map((row) => [...row.cells].map((cell) => {
    // A spreadsheet would compute a text that begins like a formula.
    const text = cell.innerText.replace(/\s+/g, " ").trim().replace(/^\u2212/, "-").replace(/^(?=[=@]|[+-](?![\d.]))/, "'");
    return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }).join(",")).join("\r\n") + "\r\n";

  document.querySelectorAll("figure").forEach((figure) => {
    const pictures = shown(figure);
    if (pictures.length === 0) return;
    const bar = make("p", "", figure);
    bar.className = "tools";
    const names = (kind) => pictures.map((_, i) => `${base}-${figure.id || "figure"}${pictures.length > 1 ? `-${i + 1}` : ""}.${kind}`);
    button("SVG", () => shown(figure).forEach((svg, i) => save(names("svg")[i], new Blob([picture(svg).text], { type: "image/svg+xml" }))), bar);
    button("PNG", () => shown(figure).forEach((svg, i) => asPng(picture(svg), names("png")[i])), bar);
    const table = figure.querySelector("table");
    if (table) button("CSV", () => save(`${base}-${figure.id || "figure"}.csv`, new Blob([asCsv(table)], { type: "text/csv" })), bar);
  });
  document.querySelectorAll("table").forEach((table, n) => {
    if (table.closest("figure") || table.rows.length < 4) return;
    const bar = document.createElement("p");
    bar.className = "tools";
    const name = table.id || table.closest("[id]")?.id || `table-${n + 1}`;
    button("CSV", () => save(`${base}-${name}.csv`, new Blob([asCsv(table)], { type: "text/csv" })), bar);
    (table.closest(".scroll") || table).after(bar);
  });

  // Sorting: a click on a column's head; once more turns it round, a third time brings back the order of the page.
  const number = (text) => {
    const found = text.replace(/\u2212/g, "-").replace(/[\u2009\u00a0]/g, "").replace(/^<1$/, "0.5").replace(/^>99$/, "99.5")
      .match(/-?\d+(\.\d+)?/);
    return found ? parseFloat(found[0]) : NaN;
  };
  document.querySelectorAll("table.numbers thead th").forEach((head) => {
    const table = head.closest("table");
    const body = table.tBodies[0];
    if (table.tBodies.length !== 1 || body.rows.length < 3 || body.querySelector("tr.group")) return;
    [...body.rows].forEach((row, i) => { row.dataset.place ??= i; });
    const turn = document.createElement("button");
    turn.type = "button";
    turn.className = "sort";
    turn.append(...head.childNodes);
    head.append(turn);
    turn.addEventListener("click", () => {
      const was = head.getAttribute("aria-sort");
      const now = was === "descending" ? "ascending" : was === "ascending" ? null : "descending";
      table.querySelectorAll("thead th").forEach((other) => other.removeAttribute("aria-sort"));
      if (now) head.setAttribute("aria-sort", now);
      const key = (row) => row.cells[head.cellIndex].innerText.trim();
      const rows = [...body.rows].sort((a, b) => {
        if (!now) return a.dataset.place - b.dataset.place;
        const [x, y] = [number(key(a)), number(key(b))];
        const up = Number.isNaN(x) || Number.isNaN(y)
          ? (Number.isNaN(x) - Number.isNaN(y)) * (now === "ascending" ? 1 : -1) || key(a).localeCompare(key(b))
          : x - y;
        return now === "ascending" ? up : -up;
      });
      body.append(...rows);
    });
  });

  // Everything folded opens, and closes again; all of it is open on paper.
  const folded = [...document.querySelectorAll("details")];
  const toc = document.querySelector(".toc");
  if (toc && folded.length > 0) {
    const bar = make("p", "", toc);
    bar.className = "tools";
    const all = button("Open all tables", () => {
      const open = folded.some((details) => !details.open);
      folded.forEach((details) => { details.open = open; });
      all.textContent = open ? "Close all tables" : "Open all tables";
    }, bar);
  }
  addEventListener("beforeprint", () => folded.forEach((details) => { details.open = true; }));
  // A link to something folded opens it.
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  // Hover: the description of a mark, where the chart gives one.
  const say = (mark) => {
    const { tip: text, share, error, package: name, median, noDeal, x, y, low, high, value, label, group } = mark.dataset;
    if (text) return text;
    if (share) {
      const row = mark.closest("[data-label]")?.dataset.label;
      const about = row ? `${row}: ` : "";
      return `${about}${(100 * share).toFixed(1)} of 100${error ? ` \u00b1${(100 * error).toFixed(1)}` : ""}`;
    }
    if (name) return `${name}: ${x}, ${y}`;
    if (median) return `${[group, label].filter(Boolean).join(", ")}: ${median} (${low} to ${high})`;
    return noDeal ? `${noDeal}: ${value}` : "";
  };
  const tip = make("div", "", document.body);
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  document.querySelectorAll("svg.chart").forEach((svg) => {
    svg.addEventListener("pointermove", (event) => {
      const mark = event.target.closest("[data-share], [data-package], [data-median], [data-no-deal], [data-tip]");
      const said = mark && say(mark);
      tip.hidden = !said;
      if (!said) return;
      tip.textContent = said;
      const left = Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8);
      tip.style.left = `${left}px`;
      tip.style.top = `${event.clientY + 16}px`;
    });
    svg.addEventListener("pointerleave", () => { tip.hidden = true; });
  });
})();
