"""Writes a case down as a program that can be pasted, for a testee in Python that has numpy.

A testee whose handshake says "snippets": true is asked {"id": ..., "snippet": case} and answers
{"id": ..., "snippet": snippet(case, ["import losses"], "losses.huber(prediction, target, delta=0.5)")}.
"""

import base64, struct

FORMATS = {"f16": ("e", "float16"), "f32": ("f", "float32"), "f64": ("d", "float64")}


def numbers(tensor, code):
    """The numbers as Python's floats, which hold every one of them exactly; labels and lengths as they are."""
    if "data" in tensor:
        return [float(x) if isinstance(x, str) else x for x in tensor["data"]]
    big = "bits" in tensor  # endian
    raw = bytes.fromhex(tensor["bits"]) if big else base64.b64decode(tensor["base64"])
    return [x for (x,) in struct.iter_unpack("<>"[big] + code, raw)]


def snippet(case, imports, call):
    """Text of a program: the case's inputs as arrays under their own names, and what `call`, an expression in these
    names, gives. It prints decimals that read back to the same numbers."""
    code, real = FORMATS[case["dtype"]]
    integers = {"labels", "input_lengths", "target_lengths"}
    lines = ["import numpy as np", "from numpy import inf, nan", *imports, ""]
    for name, tensor in case["inputs"].items():
        dtype = "int64" if name in integers else real
        text = f"np.array({numbers(tensor, code)}, dtype=np.{dtype})"
        lines.append(f"{name} = {text}" + ("" if len(tensor["shape"]) == 1 else f".reshape({tensor['shape']})"))
    lines += [f"answer = {call}", "print(answer.tolist() if hasattr(answer, 'tolist') else answer)", ""]
    return "\n".join(lines)
