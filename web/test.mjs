// The workbench in a real browser: `node test.mjs PROGRAM`. Needs playwright-core and axe-core (npm ci) and Chromium; without a browser it says
// SKIPPED, except where CI is set.
import { spawn, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, cpSync, readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createServer } from "node:http";
import assert from "node:assert/strict";
import { request } from "node:http";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
const program = process.argv[2] ?? join(root, "target/release/detente");
const shots = process.env.SHOTS;
const browserAt = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => path && existsSync(path));
if (!browserAt) {
  if (process.env.CI) throw new Error("there is no Chromium, and CI may not do without");
  console.log("SKIPPED: there is no Chromium here (set CHROMIUM to its place)");
  process.exit(0);
}
const { chromium } = await import("playwright-core");
const axe = readFileSync(join(here, "node_modules/axe-core/axe.min.js"), "utf8");

const folder = mkdtempSync(join(tmpdir(), "detente-live-"));
cpSync(join(root, "cases/first-case"), join(folder, "first-case"), { recursive: true });
const caseFile = join(folder, "first-case/case.toml");
const original = readFileSync(caseFile, "utf8");

function serve(which) {
  return new Promise((ready, fail) => {
    const server = spawn(program, ["live", which, "--no-open"], { stdio: ["ignore", "pipe", "pipe"] });
    server.stdout.once("data", (line) => ready({ server, url: line.toString().trim() }));
    server.once("exit", (code) => fail(new Error(`the server ended: ${code}`)));
  });
}

const { server, url } = await serve(join(folder, "first-case"));
const browser = await chromium.launch({
  executablePath: browserAt,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
let passed = 0;
let failed = 0;
async function test(name, what) {
  try {
    await what();
    passed += 1;
    console.log(`ok   ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n${error.stack}`);
  }
}
async function open(address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (message) => { if (message.type() === "error") page.faults.push(message.text()); });
  await page.goto(address);
  return page;
}
// Playwright's own waiting evaluates text in the page, which its policy forbids.
async function until(page, holds, argument, timeout = 30000) {
  const end = Date.now() + timeout;
  while (!(await page.evaluate(holds, argument))) {
    if (Date.now() > end) throw new Error(`waited in vain for ${holds}; the page says: ${page.faults.join("; ") || "nothing"}`);
    await new Promise((wait) => setTimeout(wait, 50));
  }
}
const settled = (page, worlds = 128) => until(page, (n) => Number(document.body.dataset.settled ?? 0) >= n, worlds, 120000);
const again = (page) => page.evaluate(() => { delete document.body.dataset.settled; });
const text = (page, selector) => page.locator(selector).innerText();
const shot = async (page, name, full = false) => {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: full });
};
async function accessible(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa"] }));
  const bad = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).slice(0, 3).join(" | ")}`);
  assert.deepEqual(bad, [], name);
}

const page = await open(url);
await test("the first answer comes, and is refined", async () => {
  await until(page, () => document.body.dataset.first, null, 60000);
  console.log(`     first answer after ${await page.evaluate(() => document.body.dataset.first)} ms`);
  assert.match(await text(page, "#head"), /of 100/);
  await settled(page);
  assert.match(await text(page, "#status"), /worlds, errors to ±\d\.\d of 100/);
  await shot(page, "answer");
  await shot(page, "answer-full", true);
});
await test("it says what the report says", async () => {
  const worlds = Number(/(\d+) worlds/.exec(await text(page, "#status"))[1]);
  const json = JSON.parse(execFileSync(program, ["report", join(folder, "first-case"), "--quick", "--json", "-o", join(folder, "x.html")], { encoding: "utf8", maxBuffer: 1 << 26 }));
  if (worlds === 128) {
    const lead = json.packages.reduce((a, b) => (b.agreed.value > a.agreed.value ? b : a));
    assert.ok((await text(page, "#head")).includes(lead.name));
  }
});
await test("typing a fault shows it, and mending it answers again", async () => {
  await page.click(".cm-content");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\n[party.north.nonsense]\n");
  // While it is typed other faults come and go.
  await until(page, () => document.querySelector("#faults li.error")?.innerText.includes("nonsense"), null, 20000);
  await until(page, () => document.querySelector(".cm-lintRange-error"));
  await shot(page, "fault");
  await again(page);
  for (let i = 0; i < 40; i += 1) await page.keyboard.press("Control+z");
  await settled(page);
  assert.equal(await page.locator("#faults li.error").count(), 0);
});
await test("a slider moves the headline", async () => {
  const before = await text(page, "#head");
  const slider = page.locator("#sliders input[type=range]").first();
  const id = await slider.getAttribute("id");
  // While it is moved the figures follow; what is let go where it was taken leaves the answer as it was.
  const move = (to) => slider.evaluate((input, to) => { input.value = input[to]; input.dispatchEvent(new Event("input")); }, to);
  const figures = () => text(page, "#head");
  await move("min");
  await until(page, () => document.querySelector("#status").textContent.includes("while it moves"));
  const least = await figures();
  await move("max");
  await until(page, (least) => document.querySelector("#head").innerText !== least, least);
  assert.equal(await page.locator("#set li").count(), 0, "nothing is set before it is let go");
  await again(page);
  await slider.evaluate((input) => input.dispatchEvent(new Event("pointerup")));
  await settled(page);
  assert.equal(await figures(), before, "nothing was changed");
  await again(page);
  await slider.evaluate((input) => { input.value = input.max; input.dispatchEvent(new Event("input")); input.dispatchEvent(new Event("change")); });
  await settled(page);
  const high = await text(page, "#head");
  await again(page);
  await page.locator(`#${id}`).evaluate((input) => { input.value = input.min; input.dispatchEvent(new Event("change")); });
  await settled(page);
  const low = await text(page, "#head");
  assert.ok(high !== low || before !== high, "neither end of the slider moved anything");
  assert.equal(await page.locator("#set li").count(), 1);
  await shot(page, "moved");
});
await test("pinned and now stand side by side", async () => {
  await page.click("#pin");
  await again(page);
  await page.locator("#set button").first().click();
  await settled(page);
  await page.waitForSelector("#compare table", { timeout: 60000 });
  assert.match(await text(page, "#compare"), /as written/);
  await page.locator("#compared").scrollIntoViewIfNeeded();
  await shot(page, "compare");
});
await test("the builder tells who accepts, takes margins apart and finds what would turn a refusal", async () => {
  await again(page);
  await page.selectOption("#build-from", "north_demand");
  await settled(page);
  await page.waitForSelector("#built summary");
  assert.match(await text(page, "#built"), /all sign in/);
  await page.locator("#built summary").first().click();
  await page.waitForSelector("#built svg");
  await page.click("#turns-ask");
  await page.waitForSelector("#turns table", { timeout: 60000 });
  await page.click("#hinges-ask");
  await page.waitForSelector("#hinges table, #hinges p:not(.muted)", { timeout: 60000 });
  await page.locator("#builder").scrollIntoViewIfNeeded();
  await shot(page, "builder");
  await again(page);
  await page.locator("#turns button").first().click();
  await settled(page);
});
await test("a link carries what is set", async () => {
  await page.click("#link");
  const address = await page.evaluate(() => location.href);
  const other = await open(address);
  await settled(other);
  assert.equal(await text(other, "#head"), await text(page, "#head"));
  assert.deepEqual(await other.evaluate(() => window.detente.state().package), await page.evaluate(() => window.detente.state().package));
  await other.context().close();
});
await test("what is set is kept as a reading, and the file is written", async () => {
  await page.locator("#set button, #build button.quiet").first().click();
  await page.locator("#sliders input[type=range]").first().evaluate((input) => { input.value = input.max; input.dispatchEvent(new Event("change")); });
  await page.waitForSelector("#set li");
  await page.fill("#reading-name", "As I see it");
  await page.fill("#reading-by", "A tester");
  await again(page);
  await page.click("#reading-form button");
  await until(page, () => window.detente.editor.texts()[0][1].includes("[reading.as_i_see_it]"), null, 20000);
  await settled(page);
  await page.click("#save-text");
  await until(page, () => document.getElementById("status").textContent === "Saved" || document.getElementById("save-text").hidden);
  assert.match(readFileSync(caseFile, "utf8"), /\[reading\.as_i_see_it\]/);
  execFileSync(program, ["check", join(folder, "first-case")]);
});
await test("what another editor writes comes in", async () => {
  writeFileSync(caseFile, original.replace("The Harbour Strip", "The Other Strip"));
  await until(page, () => document.getElementById("name").textContent === "The Other Strip", null, 20000);
  writeFileSync(caseFile, original);
  await until(page, () => document.getElementById("name").textContent === "The Harbour Strip", null, 20000);
});
await test("what somebody else wrote is never written over", async () => {
  const other = await open(url);
  await settled(other);
  await other.click(".cm-content");
  await other.keyboard.press("Control+Home");
  await other.keyboard.type("# ours\n");
  await until(other, () => !document.getElementById("save-text").hidden);
  writeFileSync(caseFile, `${original}\n# theirs\n`);
  await until(other, () => document.getElementById("notice").textContent.includes("another editor"), null, 20000);
  // The notice outlasts the answers that come meanwhile.
  await settled(other, 512);
  assert.match(await text(other, "#notice"), /another editor/);
  await other.keyboard.press("Control+s");
  await until(other, () => document.getElementById("notice").textContent.includes("nothing was written"), null, 20000);
  assert.ok(readFileSync(caseFile, "utf8").endsWith("# theirs\n"));
  writeFileSync(caseFile, original);
  await until(other, () => document.getElementById("notice").hidden, null, 20000);
  await other.context().close();
  await until(page, () => document.getElementById("name").textContent === "The Harbour Strip" && !document.querySelector(".cm-content").innerText.includes("# theirs"), null, 20000);
});
await test("what cannot be run is said, and can be put down", async () => {
  // The reading that was kept went with the file.
  assert.match(await text(page, "#notice"), /as_i_see_it/);
  await page.click("#notice button");
  await settled(page);
  assert.ok(!(await page.isVisible("#notice")));
});
await test("chapters open", async () => {
  await page.locator("#chapter-list summary").first().click();
  await page.waitForSelector("#chapter-list section", { timeout: 60000 });
  await shot(page, "chapter", true);
});
await test("hover explains and completion offers", async () => {
  await page.evaluate(() => window.detente.editor.go(0, window.detente.editor.texts()[0][1].indexOf("burden = ") + 2));
  const told = await page.evaluate(() => window.detente.editor.explain(0, window.detente.editor.texts()[0][1].indexOf('"10 to 22"') + 2));
  assert.match(told, /burden/);
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\n[lever.x]\nki");
  await page.waitForSelector(".cm-tooltip-autocomplete", { timeout: 10000 });
  assert.match(await text(page, ".cm-tooltip-autocomplete"), /kind/);
  await shot(page, "complete");
  await page.keyboard.press("Escape");
});
await test("no error was raised on the page", async () => assert.deepEqual(page.faults, []));
await page.context().close();

await test("it is accessible, light and dark, wide and narrow", async () => {
  for (const [name, options] of [
    ["light", {}],
    ["dark", { colorScheme: "dark" }],
    ["narrow", { viewport: { width: 360, height: 740 } }],
    ["narrow-dark", { viewport: { width: 360, height: 740 }, colorScheme: "dark" }],
  ]) {
    const view = await open(url, options);
    await settled(view);
    await accessible(view, name);
    await shot(view, `view-${name}`, name.startsWith("narrow"));
    const wide = await view.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${name}: ${wide} px wider than the window`);
    if (name.startsWith("narrow")) {
      await view.click("#tab-text");
      assert.ok(await view.isVisible(".cm-editor"));
      await shot(view, `view-${name}-text`);
    }
    await view.context().close();
  }
});
await test("it works by keyboard alone", async () => {
  const view = await open(url);
  await settled(view);
  await view.keyboard.press("Tab");
  assert.match(await view.evaluate(() => document.activeElement.textContent), /To the answer/);
  await view.keyboard.press("Enter");
  const reached = new Set();
  for (let i = 0; i < 60; i += 1) {
    await view.keyboard.press("Tab");
    reached.add(await view.evaluate(() => document.activeElement.id || document.activeElement.className));
  }
  const slider = [...reached].find((id) => id.startsWith("s-"));
  assert.ok(slider, `no slider among ${[...reached].join(", ")}`);
  assert.ok([...reached].some((id) => id.startsWith("i-")), "no option of the builder");
  await view.focus(`#${slider}`);
  await again(view);
  await view.keyboard.press("ArrowRight");
  await until(view, () => Object.keys(window.detente.state().set).length === 1);
  await settled(view);
  assert.equal(await view.evaluate(() => document.activeElement.id), slider, "the slider keeps the focus");
  await view.context().close();
});

function raw(path, { method = "GET", headers = {}, body } = {}) {
  const { hostname, port } = new URL(url);
  return new Promise((answer) => {
    const asked = request({ host: hostname, port, path, method, headers }, (response) => {
      let all = "";
      response.on("data", (part) => { all += part; });
      response.on("end", () => answer({ status: response.statusCode, headers: response.headers, text: all }));
    });
    asked.on("error", (error) => answer({ status: 0, text: String(error) }));
    if (body) asked.write(body);
    asked.end();
  });
}
const token = new URL(url).searchParams.get("token");
await test("strangers are refused", async () => {
  assert.equal((await raw(`/?token=${token}`)).status, 200);
  assert.equal((await raw("/")).status, 403);
  assert.equal((await raw("/files")).status, 403);
  assert.equal((await raw("/files", { headers: { "x-detente-token": "guess" } })).status, 403);
  assert.equal((await raw(`/files?token=${token}`, { headers: { host: "evil.example" } })).status, 403);
  assert.equal((await raw(`/files?token=${token}`, { headers: { origin: "http://evil.example" } })).status, 403);
  assert.equal((await raw(`/ask?token=${token}`, { method: "POST", headers: { origin: "null" }, body: "{}" })).status, 403);
  assert.equal((await raw(`/../../etc/passwd?token=${token}`)).status, 404);
  assert.equal((await raw(`/%2e%2e/%2e%2e/etc/passwd?token=${token}`)).status, 404);
  const outside = await raw(`/files?token=${token}`, { method: "PUT", body: JSON.stringify({ version: JSON.parse((await raw(`/files?token=${token}`)).text).version, files: [["/etc/hostname", "x"]] }) });
  assert.equal(outside.status, 400);
  assert.match(outside.text, /no file of the case/);
  const stale = await raw(`/files?token=${token}`, { method: "PUT", body: JSON.stringify({ version: "of yesterday", files: [] }) });
  assert.equal(JSON.parse(stale.text).conflict, true);
});
await test("giant bodies and dropped connections do no harm", async () => {
  const giant = await raw(`/ask?token=${token}`, { method: "POST", body: "x".repeat(9 << 20) });
  assert.ok(giant.status === 413 || giant.status === 0, String(giant.status));
  const { hostname, port } = new URL(url);
  for (let i = 0; i < 20; i += 1) {
    const asked = request({ host: hostname, port, path: `/ask?token=${token}&session=d&turn=${i}`, method: "POST", headers: { "content-length": "100000" } });
    asked.on("error", () => {});
    asked.write("{");
    asked.destroy();
  }
  assert.equal((await raw(`/?token=${token}`)).status, 200);
  const wrong = await raw(`/ask?token=${token}`, { method: "POST", body: "no json" });
  assert.match(wrong.text, /no JSON/);
});

const wasm = join(root, "target/wasm/detente.wasm");
if (existsSync(wasm)) {
  const exported = join(folder, "page.html");
  execFileSync(program, ["export-live", join(root, "cases/first-case"), "-o", exported, "--engine", wasm]);
  const dist = join(folder, "dist");
  execFileSync(program, ["export-live", join(root, "cases/first-case"), "--dist", dist, "--engine", wasm]);
  await test("one page holds it all and works from disk", async () => {
    const size = readFileSync(exported).length;
    console.log(`     ${(size / (1 << 20)).toFixed(2)} MiB`);
    assert.ok(size < 8 << 20);
    const view = await open(pathToFileURL(exported).href);
    await until(view, () => document.body.dataset.first, null, 120000);
    console.log(`     first answer after ${await view.evaluate(() => document.body.dataset.first)} ms in the browser`);
    await settled(view);
    await shot(view, "exported");
    await view.evaluate(() => window.detente.editor.append(0, "# typed here\n"));
    const [download] = await Promise.all([view.waitForEvent("download"), view.click("#save-text")]);
    assert.equal(download.suggestedFilename(), "case.toml");
    assert.ok(readFileSync(await download.path(), "utf8").endsWith("# typed here\n"));
    assert.deepEqual(view.faults, []);
    await view.context().close();
  });
  await test("a browser gives the same bytes as the program", async () => {
    const types = { html: "text/html", js: "text/javascript", css: "text/css", json: "application/json", wasm: "application/wasm", txt: "text/plain" };
    const files = createServer((asked, answer) => {
      const name = asked.url === "/" ? "index.html" : asked.url.slice(1).split(/[?#]/)[0];
      if (name.includes("..") || !existsSync(join(dist, name))) return answer.writeHead(404).end();
      answer.writeHead(200, { "content-type": types[name.split(".").at(-1)] }).end(readFileSync(join(dist, name)));
    });
    await new Promise((ready) => files.listen(0, "127.0.0.1", ready));
    const view = await open(`http://127.0.0.1:${files.address().port}/`);
    await settled(view, 32);
    const strike = [["case.toml", readFileSync(join(root, "cases/wage-round/case.toml"), "utf8")]];
    const first = [["case.toml", original]];
    const questions = [
      { ask: "look", files: first, worlds: 64 },
      { ask: "look", files: first, worlds: 32, state: { readings: ["arms_flow"], set: { "contest.edge": "0.2 to 0.3" } } },
      { ask: "look", files: strike, worlds: 32 },
      { ask: "open", files: strike, worlds: 16, chapter: "durability" },
      { ask: "turns", files: first, worlds: 8, package: "north_demand" },
      { ask: "check", files: [["case.toml", "[case]\nname = 1\n"]] },
    ];
    for (const question of questions) {
      const asked = JSON.stringify(question);
      const native = (await raw(`/ask?token=${token}`, { method: "POST", body: asked })).text;
      const browser = await view.evaluate(async (text) => {
        const worker = new Worker("worker.js");
        worker.postMessage({ module: await WebAssembly.compile(await (await fetch("detente.wasm")).arrayBuffer()) });
        return new Promise((answer) => {
          worker.onmessage = ({ data }) => answer(data.answer ?? data.error);
          worker.postMessage({ id: 1, text });
        });
      }, asked);
      assert.ok(native.length > 50, native);
      assert.equal(browser, native, `${question.ask} differs`);
    }
    await view.context().close();
    files.close();
  });
} else if (process.env.CI) {
  await test("the engine for browsers is there", async () => assert.fail("target/wasm/detente.wasm is not built"));
} else {
  console.log("SKIPPED: the engine for browsers is not built (web/wasm.sh)");
}

await browser.close();
server.removeAllListeners("exit");
server.kill();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
