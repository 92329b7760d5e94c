// Build the front end: every file of css/entries and js/entries becomes one file of dist/,
// fonts are copied beside them, the icons named in icons/names.txt become one sprite, and the service
// workers are built last: they are named after all the rest.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "..", "..", "node_modules");
const dist = join(here, "dist");

const entries = ["css", "js"].flatMap((kind) =>
  readdirSync(join(here, kind, "entries"))
    .filter((name) => name.endsWith(`.${kind}`))
    .map((name) => ({ in: join(here, kind, "entries", name), out: name.replace(/\.(css|js)$/, "") })),
);

function sprite() {
  const names = readFileSync(join(here, "icons", "names.txt"), "utf8")
    .split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
  const symbols = names.map((name) => {
    const own = join(here, "icons", `${name}.svg`);
    const file = existsSync(own) ? own : join(modules, "@tabler", "icons", "icons", "outline", `${name}.svg`);
    const svg = readFileSync(file, "utf8");
    const inside = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    return `<symbol id="${name}" viewBox="0 0 24 24">${inside.replace(/\s+/g, " ").trim()}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

/** One hash for all that is built. */
function version() {
  const hash = createHash("sha256");
  for (const name of readdirSync(dist, { recursive: true }).sort()) {
    if (/\.(css|js|svg|woff2|png)$/.test(name)) hash.update(name).update(readFileSync(join(dist, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const common = {
  bundle: true,
  minify: true,
  target: ["es2021", "chrome111", "firefox113", "safari16.4"],
  logLevel: "warning",
};
await build({
  ...common,
  entryPoints: entries,
  outdir: dist,
  format: "esm",
  loader: { ".woff2": "file", ".svg": "file", ".png": "file" },
  assetNames: "media/[name]",
  external: ["/static/*"],
});
writeFileSync(join(dist, "icons.svg"), sprite());
copyFileSync(join(here, "icons", "favicon.svg"), join(dist, "favicon.svg"));
await build({
  ...common,
  entryPoints: readdirSync(join(here, "js", "worker")).map((name) => join(here, "js", "worker", name)),
  outdir: dist,
  format: "iife",
  define: { VERSION: JSON.stringify(version()) },
});
console.log(`${entries.length} entries built.`);
