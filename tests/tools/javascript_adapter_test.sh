#!/bin/bash
# A program that reads every number as JavaScript does, into a double, and rounds nothing: its right losses are not
# accused. That JSON there loses the sign of zero is a note, and fails nothing.
#
#   javascript_adapter_test.sh path/to/assay path/to/source
set -euo pipefail
assay=$1 source=$2
command -v node > /dev/null || { echo "skipped: no node"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cat > "$scratch/adapter.mjs" <<'JS'
import { createInterface } from "node:readline";

const wrong = process.argv[2] === "wrong"; // what is a right loss otherwise is 1e-6 off
const text = (x) => (Number.isFinite(Math.fround(x)) ? x : String(Math.fround(x))); // beyond f32: an infinity
const tensor = (shape, data) => ({ shape, data: data.map(text) });
const read = ({ data }) => data.map(Number);
const say = (message) => console.log(JSON.stringify(message));

// Value and slope of each element.
const LOSSES = {
  mae: (a) => [Math.abs(a), Math.sign(a)],
  huber: (a, { delta }) =>
    Math.abs(a) <= delta ? [(a * a) / 2, a] : [delta * (Math.abs(a) - delta / 2), delta * Math.sign(a)],
};
const offer = { dtypes: ["f32"], reductions: ["none", "mean", "sum"], gradient: ["prediction"], conventions: [] };

function answer({ id, loss, reduction, parameters, inputs }) {
  const prediction = read(inputs.prediction), target = read(inputs.target), n = prediction.length;
  const cotangent = "cotangent" in inputs ? read(inputs.cotangent) : [1];
  const terms = prediction.map((x, i) => LOSSES[loss](x - target[i], parameters));
  const values = terms.map(([value]) => value * (wrong ? 1.000001 : 1));
  const sum = values.reduce((a, b) => a + b, 0), divisor = reduction === "mean" ? n : 1;
  const slopes = terms.map(([, slope], i) => {
    const c = cotangent[cotangent.length === n && reduction === "none" ? i : 0];
    return c === 0 ? 0 : (c * slope) / divisor;
  });
  const value = reduction === "none" ? tensor(inputs.prediction.shape, values) : tensor([], [sum / divisor]);
  say({ id, value, gradient: { prediction: tensor(inputs.prediction.shape, slopes) } });
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request.bye) break;
  if (request.assay) say({ assay: 1, implementation: { name: "doubles", language: "javascript" }, encoding: "data",
                           losses: { mae: offer, huber: offer } });
  else if (request.echo) say({ id: request.id, echo: tensor(request.echo.shape, read(request.echo)) });
  else answer(request);
}
JS

verify() {
  "$assay" verify --golden "$source/golden/v1" --loss mae --loss huber --report "$scratch/report.json" \
    -- node "$scratch/adapter.mjs" "$@" > "$scratch/said"
}
verify || { echo "a right loss is accused, or a note fails"; cat "$scratch/said"; exit 1; }
grep -q "^protocol/echo/f32: -0 comes back as 0.*(a note)$" "$scratch/said" || { cat "$scratch/said"; exit 1; }
grep -q '"severity": *"note"' "$scratch/report.json"

code=0
verify wrong || code=$?
[ "$code" = 1 ] || { echo "1e-6 off, and exit code $code"; exit 1; }
