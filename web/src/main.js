// The workbench: text left, answer right. All that is known of the case comes from the engine; this places it.
import { $, el, replace, sentence, written, share } from "./dom.js";
import { engine as begin } from "./engine.js";
import { Editor } from "./editor.js";
import { Moved } from "./moved.js";
import { Builder } from "./builder.js";
import { Compare } from "./compare.js";
import * as link from "./link.js";

const FIRST = 32;
let engine;
let editor;
// What the text on the page was taken from, and what was last seen on disk: they differ where both were changed.
let version = "";
let seen = "";
let runs = false;
let state = { readings: [], set: {}, package: {}, prior: false };
let told;
let looking = 0;
// Chapters that were told, and those that a reader has open.
let opened = new Map();
const open = new Set();

const later = (wait, what) => {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(what, wait);
  };
};

function question(ask, more = {}) {
  return { ask, files: editor.texts(), state, ...more };
}

async function ask(asked, more) {
  return engine.ask(question(asked, more));
}

function status(text, busy = false) {
  $("status").textContent = text;
  $("status").classList.toggle("busy", busy);
}

// What an answer has to say comes and goes with it; what is to be said of the files stays until it is mended.
const notices = { files: "", answer: "" };
function notice(text, of = "answer") {
  notices[of] = text ?? "";
  const all = Object.values(notices).filter(Boolean);
  $("notice").hidden = all.length === 0;
  replace($("notice"), all.join(" "));
}

// Checks the text as it stands; what stands right stays until the text runs again.
async function check() {
  const answer = await ask("check");
  runs = answer.runs;
  editor.faults(answer.faults);
  faultList(answer.faults);
  if (answer.name) $("name").textContent = answer.name;
  if (answer.readings) readingChips(answer.readings);
  $("answer").classList.toggle("stale", !runs);
  if (runs) return;
  // What is still being refined would ask about the text that cannot be run.
  looking += 1;
  engine.leave();
  status("The text has faults: the answer is of the text before");
}

function faultList(faults) {
  const rows = faults.map((fault) => {
    const place = fault.labels[0];
    const go = place && place.file < editor.files.length ? () => editor.go(place.file, place.from) : undefined;
    const where = place ? `${place.name.split("/").at(-1)}, line ${place.line}` : "the case";
    return el(
      "li",
      { class: fault.severity },
      el("button", { type: "button", onclick: go, disabled: !go }, `${fault.code}  ${where}`),
      el("span", {}, ` ${fault.message}`),
      fault.help ? el("span", { class: "muted" }, ` ${fault.help}`) : null,
    );
  });
  const n = faults.filter((fault) => fault.severity === "error").length;
  const w = faults.length - n;
  const count = (k, noun) => (k === 0 ? [] : [`${k} ${noun}${k === 1 ? "" : "s"}`]);
  const said = [...count(n, "fault"), ...count(w, "warning")].join(", ") || "No faults";
  replace($("faults"), el("details", { open: n > 0 }, el("summary", {}, said), el("ul", {}, rows)));
}

function readingChips(readings) {
  const chip = (id, name, says, on) =>
    el("button", { type: "button", class: "chip", "aria-pressed": String(on), title: says, onclick: () => toggle(id) }, name);
  const chips = readings.map((r) => chip(r.id, r.name, [r.by, r.says].filter(Boolean).join(": "), state.readings.includes(r.id)));
  if (readings.length === 0) return replace($("readings"));
  replace($("readings"), chip(null, "As written", "The case as its text has it", state.readings.length === 0), chips);
}

function toggle(id) {
  if (id === null) state.readings = [];
  else if (state.readings.includes(id)) state.readings = state.readings.filter((other) => other !== id);
  else state.readings = [...state.readings, id];
  restate();
}

// Something is set otherwise: the answer begins anew.
function restate() {
  history.replaceState(null, "", location.pathname + location.search + link.written(state));
  opened = new Map();
  check().then(() => look());
}

async function look() {
  if (!runs) return;
  const own = (looking += 1);
  held = false;
  latest = undefined;
  delete document.body.dataset.settled;
  engine.leave();
  let worlds = FIRST;
  const began = performance.now();
  while (worlds) {
    status(told && worlds > FIRST ? `${told.worlds} worlds${within(told)}; refining` : "Working", true);
    let answer;
    try {
      answer = await ask("look", { worlds });
    } catch (error) {
      if (own === looking) status(`No answer: ${error.message}`);
      return;
    }
    if (own !== looking || answer.abandoned) return;
    if (!shown(answer)) return;
    if (worlds === FIRST) document.body.dataset.first = String(Math.round(performance.now() - began));
    worlds = answer.next;
  }
  document.body.dataset.settled = String(told.worlds);
  status(`${told.worlds} worlds${within(told)}`);
}

// While a number is moved: the figures of the leading package alone, for the place where it is. One is asked for at a time, of the latest place.
let held = false;
let latest;
let glancing = false;
async function glance(moving) {
  if (!runs || !told?.lead) return;
  latest = moving;
  if (!held) {
    // What is being refined is of the place that is left.
    held = true;
    looking += 1;
    engine.leave();
  }
  if (glancing) return;
  glancing = true;
  while (latest) {
    const [own, now] = [looking, latest];
    latest = undefined;
    const answer = await ask("glance", { package: told.lead, state: now }).catch(() => ({}));
    if (own === looking && answer.signed) {
      figures({ ...answer, name: told.packages.find((p) => p.id === told.lead).name });
      status(`${answer.worlds} worlds, while it moves`, true);
    }
  }
  glancing = false;
}

function within(answer) {
  return answer.error === null ? "" : `, errors to ±${(100 * answer.error).toFixed(1)} of 100`;
}

// Puts an answer on the page; false where there is none.
function shown(answer) {
  const wrong = answer.error && typeof answer.error === "string" ? answer.error : answer.absent ?? answer.defect;
  if (answer.faults || wrong) {
    const said = answer.faults ? answer.faults.map((fault) => `${fault.message}${fault.help ? ` (${fault.help})` : ""}`).join("; ") : wrong;
    notice(answer.defect ? `A defect of the program, please report it: ${said}` : said);
    $("notice").append(" ", el("button", { type: "button", onclick: () => { state = { readings: [], set: {}, package: {}, prior: false }; restate(); } }, "Set nothing"));
    status("What is set cannot be run");
    return false;
  }
  notice(answer.defects.length > 0 ? `Defects of the program, please report them: ${answer.defects.join("; ")}` : null);
  told = answer;
  $("name").textContent = answer.name;
  document.title = `${answer.name}: detente workbench`;
  headline(answer);
  replace(
    $("sentences"),
    answer.bottom_line.map((line) => el("p", {}, sentence(line.text))),
    answer.note ? el("p", { class: "footnote" }, `${answer.note}.`) : null,
  );
  const { title, map } = answer.acceptance;
  $("map-title").textContent = map ? title : "Who accepts what";
  replace($("acceptance"), map ? written(map) : el("p", {}, answer.not_computed ?? title));
  $("dated").textContent = answer.dated ? `${answer.dated}.` : "";
  $("blocks").hidden = !answer.blocks && answer.refusals.length === 0;
  $("blocks-finding").textContent = answer.blocks ?? "";
  refusals(answer);
  moved.show(answer, state);
  builder.show(answer, state);
  chapters(answer);
  const { placeholders, defaults, claims } = answer.resting;
  const record = answer.record ? ` The record ${answer.record}.` : "";
  $("rests").textContent = `As of ${answer.as_of}; ${answer.reading}. ${placeholders} of ${claims} numbers are placeholders${defaults ? `, ${defaults} are not stated` : ""}.${record} Errors are Monte Carlo standard errors: they say how well worlds were sampled, and nothing about the doubt in the numbers.`;
  compare.refresh(state);
  return true;
}

function headline(answer) {
  const lead = answer.packages.find((p) => p.id === answer.lead);
  if (!lead) return replace($("head"), el("p", { class: "finding" }, answer.not_computed ?? "No package is named that anybody could sign."));
  figures(lead);
}

function figures(lead) {
  const figure = (what, mean) =>
    mean.value === null ? null : el("div", { class: "figure" }, el("dt", {}, what), el("dd", {}, share(mean), el("span", { class: "of" }, " of 100")));
  replace(
    $("head"),
    el("p", { class: "muted lead" }, "The package that the answer leads with"),
    el("p", { class: "lead-name" }, lead.name),
    el("dl", { class: "figures" }, figure("Signed", lead.signed), figure("In force", lead.in_force), figure(told.kept_head, lead.kept)),
  );
}

function refusals(answer) {
  if (answer.refusals.length === 0) return replace($("refusals"));
  const head = el("tr", {}, el("th", {}, "Package"), answer.parties.map((p) => el("th", {}, p.name)), el("th", { class: "words" }, "First blocker"));
  const rows = answer.refusals.map((row) => el("tr", {}, el("th", {}, row.package), row.refuses.map((cell) => el("td", {}, cell)), el("td", { class: "words" }, row.blocker)));
  replace(
    $("refusals"),
    el(
      "details",
      {},
      el("summary", {}, "Who refuses which package"),
      el("p", { class: "muted" }, "In how many of 100 worlds each party that a package needs refuses it; in brackets, in how many it alone does."),
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Who refuses" }, el("table", { class: "numbers" }, el("thead", {}, head), el("tbody", {}, rows))),
    ),
  );
}

function chapters(answer) {
  const one = (chapter) => {
    const body = el("div", { class: "chapter" });
    const details = el("details", { id: `chapter-${chapter.id}` }, el("summary", {}, chapter.title), body);
    const fill = async () => {
      if (!details.open || body.dataset.told) return;
      body.dataset.told = "yes";
      if (opened.has(chapter.id)) return replace(body, written(opened.get(chapter.id)));
      replace(body, el("p", { class: "muted" }, "Working …"));
      const page = await ask("open", { chapter: chapter.id });
      if (page.abandoned) return;
      if (page.html) opened.set(chapter.id, page.html);
      replace(body, page.html ? [el("p", { class: "footnote" }, `Of ${page.worlds} worlds.`), ...written(page.html)] : el("p", { class: "fault" }, page.absent ?? page.defect ?? "no answer"));
    };
    details.addEventListener("toggle", () => {
      if (details.open) open.add(chapter.id);
      else open.delete(chapter.id);
      fill();
    });
    if (open.has(chapter.id)) details.open = true;
    return details;
  };
  const list = answer.chapters.map((chapter) => chapter.id).join();
  // What a reader has open stays open while the answer is refined.
  if ($("chapter-list").dataset.list === list && answer.worlds > FIRST) return;
  $("chapter-list").dataset.list = list;
  replace($("chapter-list"), answer.chapters.map(one));
}

const moved = new Moved({
  set: (path, value) => {
    if (value === null) delete state.set[path];
    else state.set[path] = value;
    restate();
  },
  glance: (path, value) => glance({ ...state, set: { ...state.set, [path]: value } }),
  // A number that was let go where it was taken changes nothing: the answer goes on.
  settle: () => {
    if (held) look();
  },
});
const builder = new Builder({
  hold: (options) => {
    state.package = options;
    restate();
  },
  ask,
  keep: (name) => keep("package", { name }),
});
const compare = new Compare({ ask, back: (pinned) => { state = structuredClone(pinned); restate(); } });

// Text of the case: what was set stands in it from now on.
async function keep(what, more) {
  const answer = await ask(what, more);
  if (!answer.text) {
    notice(answer.absent ?? answer.error ?? answer.faults?.map((fault) => fault.message).join("; ") ?? "It could not be kept.");
    return;
  }
  if (what === "reading") state = { ...state, readings: [answer.id], set: {} };
  else state = { ...state, package: {} };
  editor.append(answer.file, answer.text);
  side("text");
}

function side(which) {
  document.body.dataset.side = which;
  for (const name of ["text", "answer"]) $(`tab-${name}`).setAttribute("aria-selected", String(name === which));
}

// Without a server there are no files to write: the texts are handed over.
function download() {
  for (const [name, text] of editor.texts()) {
    const at = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    el("a", { href: at, download: name.split("/").at(-1) }).click();
    URL.revokeObjectURL(at);
  }
  $("save-text").hidden = true;
}

async function saveText() {
  if (!engine.native) return download();
  try {
    const saved = await engine.save(version, editor.texts());
    if (saved.conflict) {
      notice("The files were changed by somebody else meanwhile: nothing was written. Copy what you need, then reload this page.", "files");
      return;
    }
    version = saved.version;
    seen = version;
    $("save-text").hidden = true;
    notice(null, "files");
    status("Saved");
  } catch (error) {
    notice(`Not saved: ${error.message}`, "files");
  }
}

// Any editor works too: what is written to the files comes in here, unless something here is not saved. Then the text stays that of the version
// it was taken from, so that saving it is refused.
async function watch() {
  for (;;) {
    try {
      const disk = await engine.changed(seen);
      if (disk.version === seen || disk.version === undefined) continue;
      seen = disk.version;
      if (disk.error) {
        notice(`The files cannot be read: ${disk.error}. What stands here is what they held before.`, "files");
        continue;
      }
      if (disk.version === version) {
        notice(null, "files");
        continue;
      }
      if (!$("save-text").hidden) {
        notice("The files were changed by another editor, and what was changed here is not saved and cannot be any more. Copy what you need, then reload this page.", "files");
        continue;
      }
      version = disk.version;
      notice(null, "files");
      editor.load(disk.files);
      fileTabs();
      await check();
      look();
    } catch {
      status("The server is gone: start `detente live` again");
      await new Promise((wait) => setTimeout(wait, 3000));
    }
  }
}

function fileTabs() {
  if (editor.files.length < 2) return replace($("files"));
  replace(
    $("files"),
    editor.files.map((file, i) =>
      el("button", { type: "button", role: "tab", "aria-selected": String(i === editor.open), onclick: () => { editor.show(i); fileTabs(); } }, file.name.split("/").at(-1)),
    ),
  );
}

const textChanged = later(250, async () => {
  await check();
  opened = new Map();
  look();
});

async function start() {
  engine = await begin();
  editor = new Editor($("editor"), {
    changed: () => {
      $("save-text").hidden = false;
      textChanged();
    },
    explain: async (file, at) => (await ask("explain", { file, at })).page,
    complete: (file, at) => ask("complete", { file, at }),
  });
  window.detente = { editor, state: () => state };
  if (!engine.native) $("save-text").textContent = "Download text";
  $("save-text").addEventListener("click", saveText);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s" && engine.native) {
      event.preventDefault();
      saveText();
    }
  });
  $("pin").addEventListener("click", () => compare.pin(state));
  $("link").addEventListener("click", async () => {
    const address = new URL(location.href);
    address.searchParams.delete("token");
    address.hash = link.written(state);
    history.replaceState(null, "", location.pathname + location.search + address.hash);
    try {
      await navigator.clipboard.writeText(address.href);
      status("The link is copied: it carries what is set, not the text");
    } catch {
      status("The link stands in the address bar");
    }
  });
  $("whole").addEventListener("click", async () => {
    status("Writing the page", true);
    const page = await ask("page");
    if (!page.html) return status("The page could not be written");
    const at = URL.createObjectURL(new Blob([page.html], { type: "text/html" }));
    window.open(at, "_blank", "noopener");
    status("The page of a first look is open in another tab");
  });
  $("reading-form").addEventListener("submit", (event) => {
    event.preventDefault();
    keep("reading", { name: $("reading-name").value, by: $("reading-by").value, says: $("reading-says").value });
  });
  for (const name of ["text", "answer"]) $(`tab-${name}`).addEventListener("click", () => side(name));
  window.addEventListener("hashchange", () => {
    state = link.read(location.hash);
    restate();
  });
  side("answer");
  state = link.read(location.hash);
  const own = document.getElementById("detente-case");
  if (own) editor.load(JSON.parse(own.textContent));
  else if (engine.native) {
    const disk = await engine.files();
    version = disk.version;
    seen = version;
    editor.load(disk.files);
  } else editor.load(await (await fetch("case.json")).json());
  fileTabs();
  await check();
  look();
  if (engine.native) watch();
}

start().catch((error) => {
  status("It did not start");
  notice(error.message);
});
