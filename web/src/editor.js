// The text of the case in an editor, with the checker's faults underlined, hints, completion and what stands where.
import { EditorState, Compartment } from "@codemirror/state";
import { EditorView, keymap, lineNumbers, highlightActiveLine, hoverTooltip, drawSelection, highlightSpecialChars } from "@codemirror/view";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { StreamLanguage, syntaxHighlighting, HighlightStyle, bracketMatching, indentOnInput } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { setDiagnostics, lintGutter, lintKeymap } from "@codemirror/lint";
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { searchKeymap, highlightSelectionMatches } from "@codemirror/search";
import { tags } from "@lezer/highlight";
import { el } from "./dom.js";

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--code-key)" },
  { tag: tags.string, color: "var(--code-text)" },
  { tag: tags.number, color: "var(--code-number)" },
  { tag: tags.bool, color: "var(--code-number)" },
  { tag: tags.atom, color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
]);

export class Editor {
  constructor(parent, { changed, explain, complete }) {
    this.files = [];
    this.open = 0;
    this.explain = explain;
    this.complete = complete;
    this.changed = changed;
    this.quiet = false;
    this.view = new EditorView({ parent, state: this.stateOf("") });
  }

  stateOf(text) {
    return EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        lintGutter(),
        StreamLanguage.define(toml),
        syntaxHighlighting(colours),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": "Text of the case", tabindex: "0" }),
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...completionKeymap, ...lintKeymap]),
        autocompletion({ override: [(context) => this.offers(context)] }),
        hoverTooltip((view, at) => this.hover(at)),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged || this.quiet) return;
          this.files[this.open].text = update.state.doc.toString();
          this.changed();
        }),
      ],
    });
  }

  // Puts other texts in; the place and what could be undone stay where a text only changed.
  load(files) {
    const same = files.length === this.files.length && files.every((file, i) => file[0] === this.files[i].name);
    this.quiet = true;
    if (same) {
      files.forEach(([, text], i) => {
        if (this.files[i].text === text) return;
        this.files[i].text = text;
        if (i === this.open) this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
        else this.files[i].state = undefined;
      });
    } else {
      this.files = files.map(([name, text]) => ({ name, text }));
      this.open = 0;
      this.view.setState(this.stateOf(files[0]?.[1] ?? ""));
    }
    this.quiet = false;
  }

  show(index) {
    this.files[this.open].state = this.view.state;
    this.open = index;
    const file = this.files[index];
    this.view.setState(file.state ?? this.stateOf(file.text));
    this.mark();
  }

  texts() {
    return this.files.map((file) => [file.name, file.text]);
  }

  // Adds text behind a file, as somebody typed it.
  append(index, text) {
    if (index !== this.open) this.show(index);
    const end = this.view.state.doc.length;
    const needs = end > 0 && this.view.state.doc.sliceString(end - 1) !== "\n" ? "\n" : "";
    this.view.dispatch({ changes: { from: end, insert: needs + text }, selection: { anchor: end }, scrollIntoView: true });
  }

  go(index, from) {
    if (index !== this.open) this.show(index);
    this.view.dispatch({ selection: { anchor: Math.min(from, this.view.state.doc.length) }, scrollIntoView: true });
    this.view.focus();
  }

  faults(faults) {
    this.known = faults;
    this.mark();
  }

  mark() {
    const length = this.view.state.doc.length;
    const marks = [];
    for (const fault of this.known ?? []) {
      const place = fault.labels[0];
      if (!place || place.file !== this.open || place.from > length) continue;
      const to = Math.min(Math.max(place.to, place.from + 1), length);
      const help = fault.help ? `\n${fault.help}` : "";
      marks.push({ from: Math.min(place.from, to), to, severity: fault.severity, source: fault.code, message: fault.message + help });
    }
    this.view.dispatch(setDiagnostics(this.view.state, marks));
  }

  async hover(at) {
    const told = await this.explain(this.open, at);
    if (!told) return null;
    return { pos: at, above: true, create: () => ({ dom: el("div", { class: "explained" }, el("pre", {}, told)) }) };
  }

  async offers(context) {
    const word = context.matchBefore(/[\w-]*/);
    const before = context.state.sliceDoc(Math.max(0, context.pos - 1), context.pos);
    if (!context.explicit && (word?.text ?? "") === "" && !/[.["{]/.test(before)) return null;
    const told = await this.complete(this.open, context.pos);
    if (!told || !told.offers) return null;
    const options = told.offers.map((offer) => ({
      label: offer.label,
      info: offer.doc || undefined,
      type: offer.form === "table" ? "namespace" : offer.form === "key" ? "property" : "text",
    }));
    return { from: told.from, options, validFor: /^[\w-]*$/ };
  }
}
