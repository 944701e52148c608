#!/usr/bin/env bash
# rust_kit_test.sh ASSAY SOURCE: adapters over the kit for Rust keep the protocol, whatever the framework does. The testee is
# the kit's example; skipped where there is no cargo, or where it would have to fetch serde_json.
set -u
. "$(dirname -- "${BASH_SOURCE[0]}")/kit_testee.sh"
assay=$(readlink -f -- "$1") source=$(readlink -f -- "$2")
command -v cargo >/dev/null || { echo "skipped: no cargo"; exit 77; }
# Beside the program, so that serde_json is compiled once; the kit keeps no lock of its own, and the copy may write one.
target=$(dirname -- "$(readlink -f -- "$assay")")/tests/rust_kit
mkdir -p -- "$target" && cp -r -- "$source/tools/adapters/kit/rust/." "$target" || exit 1
cd -- "$target" || exit 1
if ! cargo build --quiet --offline --example plain --target-dir "$target/target" 2>"$target/log"; then
  if grep -qE 'offline|no matching package' "$target/log"; then
    echo "skipped: serde_json is not among what cargo has fetched"
    exit 77
  fi
  cat "$target/log"
  exit 1
fi
testee=$target/target/debug/examples/plain
pair='"dtype": "f32", "inputs": {"prediction": {"shape": [2], "bits": "3f800000 40000000"}, "target": {"shape": [2], "bits": "00000000 00000000"}}'
offer='"dtypes":["f32","f64"],"gradient":false,"reductions":["none","mean","sum"]'
expect '{"assay": 1}' "{\"assay\":1,\"encoding\":\"bits\",\"implementation\":{\"language\":\"rust\",\"name\":\"plain\",\"version\":\"1\"},\"losses\":{\"huber\":{$offer},\"mse\":{\"dtypes\":[\"f32\",\"f64\"],\"gradient\":[\"prediction\"],\"reductions\":[\"none\"]},\"quantile\":{$offer}}}"
# The bits of a tensor, subnormal, NaN and -0 among them, come back; so does one of no numbers.
expect '{"id": "e", "echo": {"shape": [3], "bits": "00000001 7fc00000 80000000"}, "dtype": "f32"}' '{"echo":{"bits":"00000001 7fc00000 80000000","shape":[3]},"id":"e"}'
expect '{"id": "e", "echo": {"shape": [1, 0], "bits": ""}, "dtype": "f64"}' '{"echo":{"bits":"","shape":[1,0]},"id":"e"}'
# Standard output holds answers alone, though the loss prints there.
expect "{\"id\": 1, \"loss\": \"mse\", \"reduction\": \"none\", \"wrt\": [\"prediction\"], $pair}" '{"gradient":{"prediction":{"bits":"40000000 40800000","shape":[2]}},"id":1,"value":{"bits":"3f800000 40800000","shape":[2]}}'
expect "{\"id\": 2, \"loss\": \"quantile\", \"parameters\": {\"q\": 0.25}, $pair}" '{"id":2,"value":{"bits":"3f900000","shape":[]}}'
expect "{\"id\": 3, \"loss\": \"quantile\", \"reduction\": \"sum\", $pair}" '{"id":3,"value":{"bits":"3fc00000","shape":[]}}'
expect "{\"id\": 4, \"loss\": \"huber\", $pair}" '{"id":4,"skipped":"not on this machine"}'
expect "{\"id\": 5, \"loss\": \"hinge\", $pair}" '{"id":5,"skipped":"plain has no hinge"}'
expect '{"id": 6, "loss": "mse", "dtype": "f32", "inputs": {"target": {"shape": [1], "data": [1]}}}' '{"error":"no integers here","id":6}'
[ "$("$testee" --version)" = "plain 1" ] || wrong "--version"
# A whole run.
verdict=$("$assay" verify --golden "$source/golden/v1" --loss mse --loss quantile -- "$testee" 2>&1)
grep -qE '^quantile +f64 ' <<<"$verdict" || wrong "no row of quantile: $verdict"
grep -q '^plain 1: .* conform' <<<"$verdict" || wrong "no verdict: $verdict"
exit $bad
