// Bundles entry.js with what it needs, minified, behind the licences of every package that is in it.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const options = {
  entryPoints: ["entry.js"],
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "Plot",
  charset: "ascii",
  legalComments: "none",
  metafile: true,
  write: false,
};
const first = await build(options);
const [output] = Object.values(first.metafile.outputs);
const packages = new Set();
for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
  const found = path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/);
  if (found && bytesInOutput > 0) packages.add(found[1]);
}

const byText = new Map();
for (const name of [...packages].sort()) {
  const folder = join("node_modules", name);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} has no licence file`);
  const text = readFileSync(join(folder, file), "utf8").trim().replaceAll("*/", "* /");
  byText.set(text, [...(byText.get(text) ?? []), `${name} ${version}`]);
}
let licences = "Charts by Observable Plot. This script holds parts of the packages named here.\n";
for (const [text, names] of byText) licences += `\n${names.join(", ")}:\n\n${text}\n`;
writeFileSync("LICENSES.txt", licences);

const second = await build({ ...options, banner: { js: `/*!\n${licences}*/` } });
writeFileSync("plot.js", second.outputFiles[0].contents);
