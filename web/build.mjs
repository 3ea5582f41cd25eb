// Bundles the workbench into crates/detente-live/assets: `npm ci && npm run build`. `node build.mjs --check` builds and compares instead.
import { build } from "esbuild";
import { readFileSync, readdirSync, existsSync, writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const assets = new URL("../crates/detente-live/assets/", import.meta.url).pathname;
const check = process.argv.includes("--check");

async function bundled(entry, format) {
  const built = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format,
    target: "es2022",
    legalComments: "none",
    write: false,
    charset: "ascii",
  });
  return built.outputFiles[0].text;
}

// The licence of everything that is bundled, as its package has it.
function licences() {
  const parts = ["Licences of what is bundled into live.js, each as its package has it.\n"];
  const seen = [];
  for (const scope of readdirSync("node_modules")) {
    if (scope.startsWith(".")) continue;
    const inner = scope.startsWith("@") ? readdirSync(join("node_modules", scope)).map((n) => `${scope}/${n}`) : [scope];
    seen.push(...inner);
  }
  for (const name of seen.sort()) {
    if (["esbuild", "axe-core", "playwright-core"].includes(name) || name.startsWith("@esbuild")) continue;
    const folder = join("node_modules", name);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = ["LICENSE", "LICENSE.md", "LICENCE"].map((n) => join(folder, n)).find(existsSync);
    if (!file) throw new Error(`${name} has no licence`);
    parts.push(`\n== ${name} ${about.version} (${about.license})\n\n${readFileSync(file, "utf8").trim()}\n`);
  }
  return parts.join("");
}

const made = {
  "live.js": await bundled("src/main.js", "iife"),
  "worker.js": await bundled("src/worker.js", "iife"),
  "live.css": readFileSync("src/live.css", "utf8"),
  "live.html": readFileSync("src/live.html", "utf8"),
  "LICENSES.txt": licences(),
};

mkdirSync(assets, { recursive: true });
let differing = [];
for (const [name, text] of Object.entries(made)) {
  const path = join(assets, name);
  if (check) {
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) differing.push(name);
  } else {
    writeFileSync(path, text);
    console.log(`${name}: ${text.length} characters`);
  }
}
if (differing.length > 0) {
  console.error(`assets differ from what web/ builds: ${differing.join(", ")}; run npm run build there and commit`);
  process.exit(1);
}
