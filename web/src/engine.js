// Who answers: the server of `detente live`, or the engine in workers of this browser. Both give the same bytes.

// Questions that take worlds; the others are answered at once.
const LONG = new Set(["look", "open", "page", "turns", "hinges", "compare"]);

class Native {
  constructor(token) {
    this.token = token;
    this.session = Math.random().toString(36).slice(2);
    this.turn = 0;
    this.native = true;
  }

  headers() {
    return { "content-type": "application/json", "x-detente-token": this.token };
  }

  async ask(question) {
    const where = `/ask?session=${this.session}&turn=${LONG.has(question.ask) ? this.turn : ""}`;
    const answer = await fetch(where, { method: "POST", headers: this.headers(), body: JSON.stringify(question) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }

  // What is being worked out is of a state that is left behind.
  leave() {
    this.turn += 1;
  }

  async files() {
    const answer = await fetch("/files", { headers: this.headers() });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }

  // Waits until the files on disk are no longer these.
  async changed(version) {
    const answer = await fetch(`/changed?version=${version}`, { headers: this.headers() });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }

  async save(version, files) {
    const answer = await fetch("/files", { method: "PUT", headers: this.headers(), body: JSON.stringify({ version, files }) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }
}

class Browser {
  constructor(module, worker) {
    this.module = module;
    this.worker = worker;
    this.quick = new Lane(this);
    this.long = new Lane(this);
    this.native = false;
  }

  async ask(question) {
    const lane = LONG.has(question.ask) ? this.long : this.quick;
    return JSON.parse(await lane.ask(JSON.stringify(question)));
  }

  leave() {
    this.long.end();
  }
}

// A worker that answers one question after another. One whose answer nobody waits for any more is ended, and another begun.
class Lane {
  constructor(engine) {
    this.engine = engine;
    this.waiting = new Map();
    this.next = 0;
  }

  start() {
    this.worker = new Worker(this.engine.worker);
    this.worker.onmessage = ({ data }) => {
      const waiting = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if (data.error === undefined) waiting?.answer(data.answer);
      else waiting?.fail(new Error(data.error));
    };
    this.worker.onerror = (event) => {
      for (const waiting of this.waiting.values()) waiting.fail(new Error(event.message || "the engine stopped"));
      this.waiting.clear();
      this.worker?.terminate();
      this.worker = undefined;
    };
    this.worker.postMessage({ module: this.engine.module });
  }

  ask(text) {
    if (!this.worker) this.start();
    const id = (this.next += 1);
    return new Promise((answer, fail) => {
      this.waiting.set(id, { answer, fail });
      this.worker.postMessage({ id, text });
    });
  }

  end() {
    if (this.waiting.size === 0) return;
    this.worker.terminate();
    this.worker = undefined;
    for (const waiting of this.waiting.values()) waiting.answer('{"abandoned":true}');
    this.waiting.clear();
  }
}

function bytes(base64) {
  const text = atob(base64.trim());
  const all = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) all[i] = text.charCodeAt(i);
  return all;
}

async function unpacked(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

// The page says what it runs on: a token of the server, a folder with the engine beside it, or all of it in the page itself.
export async function engine() {
  const own = document.getElementById("detente-engine");
  if (own) {
    const module = await WebAssembly.compile(await unpacked(bytes(own.textContent)));
    const worker = URL.createObjectURL(new Blob([document.getElementById("detente-worker").textContent], { type: "text/javascript" }));
    return new Browser(module, worker);
  }
  const beside = document.querySelector('meta[name="detente-engine"]');
  if (beside) {
    const module = await WebAssembly.compile(await (await fetch(beside.content)).arrayBuffer());
    return new Browser(module, "worker.js");
  }
  const address = new URL(location.href);
  const token = address.searchParams.get("token") ?? sessionStorage.getItem("detente-token") ?? "";
  sessionStorage.setItem("detente-token", token);
  return new Native(token);
}
