#!/usr/bin/env bash
# tfjs_snippets_test.sh ASSAY SOURCE: the programs that TensorFlow.js's adapter writes for a case run, and print what it answered.
# Skipped where the adapter is not set up.
set -u
source=$2
here=$source/tools/adapters/tfjs
"$here/run" --version >/dev/null 2>&1 || { echo "skipped: not set up: run tools/adapters/tfjs/setup"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
. "$here/../kit/place.sh"
cat >"$scratch/requests.jsonl" <<'JSON'
{"id": "huber", "variant": "core", "loss": "huber", "dtype": "f32", "reduction": "sum", "parameters": {"delta": 0.5}, "wrt": ["prediction", "target"], "inputs": {"prediction": {"shape": [2], "base64": "AACAPwAAAIA="}, "target": {"shape": [2], "base64": "AAAAQAAAwH8="}}}
{"id": "cotangent", "variant": "layers", "loss": "hinge", "dtype": "f32", "reduction": "none", "parameters": {}, "wrt": ["score"], "inputs": {"cotangent": {"shape": [2], "base64": "AACAPwAAAMA="}, "score": {"shape": [2], "base64": "AACAPgAAgP8="}, "target": {"shape": [2], "base64": "AACAvwAAgL8="}}}
{"id": "default", "variant": "core", "loss": "categorical_cross_entropy_with_logits", "dtype": "f32", "parameters": {}, "wrt": ["logits"], "inputs": {"logits": {"shape": [1, 2], "base64": "AACAPgAAAD8="}, "target": {"shape": [1, 2], "base64": "AAAAAAAAgD8="}}}
{"id": "zero", "variant": "core", "loss": "mse", "dtype": "f32", "reduction": "none", "parameters": {}, "wrt": ["prediction"], "inputs": {"prediction": {"shape": [1], "base64": "AAAAgA=="}, "target": {"shape": [1], "base64": "AAAAAA=="}}}
{"id": "value", "variant": "layers", "loss": "sparse_categorical_cross_entropy", "dtype": "f32", "parameters": {"ignore_index": -100}, "inputs": {"probability": {"shape": [2, 2], "base64": "AACAPgAAAD8AAIA+AABAPw=="}, "labels": {"shape": [2], "data": [1, 0]}}}
JSON
asked=$(wc -l <"$scratch/requests.jsonl")
sed 's/^{\("id": "[a-z]*"\), \(.*\)$/{\1, "snippet": {\2}/' "$scratch/requests.jsonl" >"$scratch/wanted.jsonl"
answered() { { cat "$1"; echo '{"bye": true}'; } | "$here/run" 2>/dev/null; }
answered "$scratch/requests.jsonl" >"$scratch/answers.jsonl" && answered "$scratch/wanted.jsonl" >"$scratch/snippets.jsonl" ||
  { echo "the adapter ends otherwise than well"; exit 1; }
cat >"$scratch/compare.cjs" <<'JAVASCRIPT'
const { execFileSync } = require("node:child_process");
const { readFileSync, writeFileSync } = require("node:fs");
const [scratch, asked] = process.argv.slice(2);
const read = (name) => readFileSync(`${scratch}/${name}.jsonl`, "utf8").trim().split("\n").map(JSON.parse);
// As console.log shows it, which tells -0, NaN and infinities apart.
const shown = ({ shape, base64 }) => {
  const bytes = Uint8Array.from(Buffer.from(base64, "base64")).buffer;
  const numbers = Array.from(new Float32Array(bytes));
  if (!shape.length) return numbers[0];
  return shape.length === 1 ? numbers : Array.from({ length: shape[0] }, (_, i) => numbers.slice(i * shape[1], (i + 1) * shape[1]));
};
const { inspect } = require("node:util");
const snippets = read("snippets");
let compared = 0;
read("answers").forEach(({ id, value, gradient, error }, i) => {
  if (error || snippets[i].error || snippets[i].id !== id) throw new Error(`${id}: ${error ?? snippets[i].error}`);
  writeFileSync(`${scratch}/program.cjs`, snippets[i].snippet);
  const said = execFileSync(process.execPath, [`${scratch}/program.cjs`], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const wanted = [["value", value], ...Object.entries(gradient ?? {}).map(([name, slope]) => [`gradient.${name}`, slope])];
  for (const [name, tensor] of wanted) {
    const line = `${name} ${inspect(shown(tensor))}`;
    if (!said.split("\n").includes(line)) throw new Error(`${id}: answered ${line}, and the program says\n${said}\n${snippets[i].snippet}`);
    compared += 1;
  }
});
if (compared !== 10 || snippets.length !== Number(asked)) throw new Error(`compared ${compared} tensors of ${snippets.length} programs`);
JAVASCRIPT
NODE_PATH="$place/node_modules" "${ASSAY_NODE:-node}" "$scratch/compare.cjs" "$scratch" "$asked"
