#!/usr/bin/env bash
# javascript_kit_test.sh ASSAY SOURCE: adapters over the kit for JavaScript keep the protocol, whatever the framework does.
# The framework of this test is JavaScript itself.
set -u
. "$(dirname -- "${BASH_SOURCE[0]}")/kit_testee.sh"
node=${ASSAY_NODE:-node}
command -v "$node" >/dev/null || { echo "skipped: no $node"; exit 77; }
assay=$1 source=$2
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
cat >"$scratch/adapter.mjs" <<JAVASCRIPT
import { Skipped, Testee } from "$source/tools/adapters/kit/javascript/assay-testee.mjs";
JAVASCRIPT
cat >>"$scratch/adapter.mjs" <<'JAVASCRIPT'
const testee = new Testee("javascript", "3", { package: "engine", deterministic: true });
const each = (f, reduction) => ({ prediction: x, target: t }, parameters, asked) => {
  const terms = Array.from(x.data, (_, i) => f(x.data[i] - t.data[i], parameters));
  console.log("what a framework says");
  if (asked === "none") return { shape: x.shape, data: terms };
  const sum = terms.reduce((a, b) => a + b, 0);
  return { shape: [], data: [asked === "sum" ? sum : sum / terms.length] };
};
testee.loss("mae", { variant: "plain", reductions: ["none"] }, each(Math.abs));
testee.loss("mae", { variant: "doubled", reductions: ["none"], dtypes: ["f64"] }, each((a) => 2 * Math.abs(a)));
testee.loss("mse", { gradient: ["prediction"] }, each((a) => a * a));
testee.loss("huber", { parameters: { delta: [1] } }, () => { throw new TypeError("first line\nsecond line"); });
testee.loss("log_cosh", {}, () => { throw new Skipped("not on this machine"); });
testee.serve({
  decode: (tensor) => tensor,
  encode: (tensor) => tensor,
  gradient: async (f, inputs, wrt, cotangent) => {
    const value = f(inputs);
    const { prediction: x, target: t } = inputs;
    const slope = (i) => 2 * (x.data[i] - t.data[i]) * (cotangent?.data[i] ?? 1);
    return [value, { prediction: { shape: x.shape, data: Array.from(x.data, (_, i) => slope(i)) } }];
  },
  snippet: (answer, request, inputs) => `${request.loss} of ${inputs.prediction.data}`,
});
JAVASCRIPT
testee=("$node" "$scratch/adapter.mjs")
pair='"inputs": {"prediction": {"shape": [2], "base64": "AACAPwAAAEA="}, "target": {"shape": [2], "base64": "AAAAAAAAAAA="}}'
expect '{"assay": 1}' '{"assay":1,"implementation":{"name":"javascript","version":"3","language":"javascript"},"losses":{"mae":{"variants":{"plain":{"dtypes":["f32","f64"],"reductions":["none"],"gradient":false,"conventions":[]},"doubled":{"dtypes":["f64"],"reductions":["none"],"gradient":false,"conventions":[]}}},"mse":{"dtypes":["f32","f64"],"reductions":["none","mean","sum"],"gradient":["prediction"],"conventions":[]},"huber":{"dtypes":["f32","f64"],"reductions":["none","mean","sum"],"gradient":false,"conventions":[],"parameters":{"delta":[1]}},"log_cosh":{"dtypes":["f32","f64"],"reductions":["none","mean","sum"],"gradient":false,"conventions":[]}},"encoding":"base64","snippets":true,"deterministic":true}'
# The bits of a tensor, subnormal, NaN and -0 among them, come back; so does one of no numbers, and one of integers.
expect '{"id": "e", "echo": {"shape": [3], "base64": "AQAAAAAAwH8AAACA"}, "dtype": "f32"}' '{"id":"e","echo":{"shape":[3],"base64":"AQAAAAAAwH8AAACA"}}'
expect '{"id": "e", "echo": {"shape": [0], "base64": ""}, "dtype": "f64"}' '{"id":"e","echo":{"shape":[0],"base64":""}}'
# Standard output holds answers alone, though each loss prints there.
expect "{\"id\": 1, \"loss\": \"mae\", \"variant\": \"plain\", \"dtype\": \"f32\", \"reduction\": \"none\", $pair}" '{"id":1,"value":{"shape":[2],"base64":"AACAPwAAAEA="}}'
expect "{\"id\": 2, \"loss\": \"mse\", \"dtype\": \"f32\", \"wrt\": [\"prediction\"], $pair}" '{"id":2,"value":{"shape":[],"base64":"AAAgQA=="},"gradient":{"prediction":{"shape":[2],"base64":"AAAAQAAAgEA="}}}'
expect "{\"id\": 3, \"loss\": \"huber\", \"dtype\": \"f32\", $pair}" '{"id":3,"error":"TypeError: first line"}'
expect "{\"id\": 4, \"loss\": \"log_cosh\", \"dtype\": \"f32\", $pair}" '{"id":4,"skipped":"not on this machine"}'
expect "{\"id\": 5, \"loss\": \"mae\", \"variant\": \"other\", \"dtype\": \"f32\", $pair}" '{"id":5,"skipped":"engine has no mae, other"}'
expect "{\"id\": 6, \"snippet\": {\"loss\": \"mse\", \"dtype\": \"f32\", $pair}}" '{"id":6,"snippet":"mse of 1,2"}'
[ "$("$node" "$scratch/adapter.mjs" --version)" = "engine 3" ] || wrong "--version"
# A line longer than a pipe comes in pieces, and a separator of lines that JSON allows in a text is none.
long=$(printf '%0*d' 300000 0)
pieces=$(printf '{"id": "%s", "echo": {"shape": [0], "base64": ""}, "dtype": "f32"}\n' "$long" $'\xe2\x80\xa8' | "$node" "$scratch/adapter.mjs")
[ "$(grep -c echo <<<"$pieces")" = 2 ] || wrong "lines in pieces: $(cut -c1-100 <<<"$pieces")"
# A whole run.
verdict=$("$assay" verify --golden "$source/golden/v1" --loss mae --loss mse -- "$node" "$scratch/adapter.mjs" 2>&1)
grep -q '^javascript 3: ' <<<"$verdict" || wrong "no verdict: $verdict"
grep -qE '^mse +f32 f64 ' <<<"$verdict" || wrong "no row of mse: $verdict"
grep -qE '^mae \(doubled\) +f64 .* wrong ' <<<"$verdict" || wrong "twice the loss is not found wrong: $verdict"
exit $bad
