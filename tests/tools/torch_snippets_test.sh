#!/usr/bin/env bash
# torch_snippets_test.sh ASSAY SOURCE: what PyTorch's adapter writes of a case runs, and prints what it answered, for
# every loss and dtype that it offers. Exit code 77: there is no torch.
set -u
source=$2
adapter=$source/tools/adapters/debian-torch
if ! torch=$("$adapter/run" --version 2>&1 </dev/null); then
  echo "skipped: $torch"
  exit 77
fi
# `run` finds the interpreter that has torch and becomes torch's adapter in the folder beside it: here, the test.
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
mkdir -- "$scratch/debian-torch" "$scratch/torch"
cp -- "$adapter/run" "$scratch/debian-torch/run"
cat >"$scratch/torch/adapter.py" <<'PYTHON'
import base64, contextlib, glob, importlib.util, io, json, struct, sys

source = sys.argv[1]
sys.path.insert(0, source + "/tools/adapters/torch")

spec = importlib.util.spec_from_file_location("torch_adapter", source + "/tools/adapters/torch/adapter.py")
adapter = importlib.util.module_from_spec(spec)
spec.loader.exec_module(adapter)
read = sys.modules["assay_testee.tensors"].read
testee = adapter.testee
testee.uses(adapter.decode, adapter.encode, adapter.gradient, adapter.written, numpy=False)
offers = {loss: offer for (loss, _), offer in testee.offers.items()}

def sent(tensor, name, dtype):
    """As the runner sends it to a testee that asked for base64."""
    if "base64" in tensor or name in ("labels", "input_lengths", "target_lengths"):
        return tensor
    raw = struct.pack(f"<{len(tensor['data'])}{'f' if dtype == 'f32' else 'd'}", *map(float, tensor["data"]))
    return {"shape": tensor["shape"], "base64": base64.b64encode(raw).decode()}

def numbers(tensor, dtype):
    return adapter.decode(read(tensor, dtype)).tolist()

def features(case):
    yield case["reduction"]
    yield from ((name, len(tensor["shape"]), name in case["wrt"]) for name, tensor in case["inputs"].items())
    yield from case["parameters"].items() if all(isinstance(x, (bool, str)) for x in case["parameters"].values()) else ()

wrong, ran, shown_types = [], 0, set()
for path in sorted(glob.glob(source + "/golden/v1/*.json")):
    file, shown = json.load(open(path)), set()
    if file["loss"] not in offers:
        continue
    for case in file["cases"]:
        if "error" in case["expected"] or shown >= set(features(case)):
            continue
        shown |= set(features(case))
        offered = offers[case["loss"]]["gradient"]
        asked = {key: case[key] for key in ("loss", "dtype", "reduction", "parameters")} | {
            "inputs": {name: sent(tensor, name, case["dtype"]) for name, tensor in case["inputs"].items()},
            "wrt": [name for name in case["wrt"] if name in offered]}
        answer = testee.answer(asked | {"id": "a"})
        if "value" not in answer:
            continue
        reply = testee.answer({"id": "s", "snippet": asked})
        want = [f"value {numbers(answer['value'], case['dtype'])}"] + [
            f"gradient.{name} {numbers(answer['gradient'][name], case['dtype'])}" for name in asked["wrt"]]
        output = io.StringIO()
        try:
            with contextlib.redirect_stdout(output):
                exec(compile(reply["snippet"], case["id"], "exec"), {"__name__": "__main__"})
        except Exception as error:
            wrong.append(f"{case['id']}: {error!r} in\n{reply.get('snippet', reply)}")
        else:
            if output.getvalue().splitlines() != want:
                wrong.append(f"{case['id']}: {output.getvalue()} where the adapter answered {want}")
        ran += 1
        shown_types.add((case["loss"], case["dtype"]))
missing = {(loss, dtype) for loss in offers for dtype in testee.dtypes} - shown_types
print(f"{ran} cases, {len(wrong)} wrong")
sys.exit("\n".join([*wrong[:5], f"no snippet of {sorted(missing)}" if missing else ""]) if wrong or missing else 0)
PYTHON
"$scratch/debian-torch/run" "$source"
