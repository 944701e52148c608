"""hostile_world.py BEHAVIOUR PIDS: a testee of mse that does one thing which no testee should; its process id and those of
its children go to the file PIDS. What it says of itself and how it answers are right, but for that one thing."""

import json
import math
import os
import sys
import time
from fractions import Fraction

BEHAVIOUR, PIDS = sys.argv[1:]
first = False  # of the testees of its run
OFFER = {"dtypes": ["f64"], "reductions": ["none", "sum", "mean"], "gradient": False}


def does(what):
    return BEHAVIOUR == what


def note(pid):
    with open(PIDS, "a") as file:
        file.write(f"{pid}\n")


def write(data, stream=1):
    while data:
        data = data[os.write(stream, data):]


def say(message):
    write(json.dumps(message).encode() + b"\n")


def text(x):
    return x if math.isfinite(x) else "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"


def total(terms, averaged):
    """Exact, and rounded once: neither the order of a sum nor what overflows within it shows."""
    if not all(map(math.isfinite, terms)) or (averaged and not terms):
        return sum(terms) if terms else math.nan
    exact = sum(map(Fraction, terms)) / (len(terms) if averaged else 1)
    try:
        return float(exact)
    except OverflowError:
        return math.inf


def answer(request):
    prediction, target = ([float(x) for x in request["inputs"][name]["data"]] for name in ("prediction", "target"))
    terms = [(x - t) * (x - t) for x, t in zip(prediction, target)]
    shape = request["inputs"]["prediction"]["shape"] if request["reduction"] == "none" else []
    if request["reduction"] != "none":
        terms = [total(terms, request["reduction"] == "mean")]
    return {"id": request["id"], "value": {"shape": shape, "data": [text(x) for x in terms]}}


def fork(keep):
    """A child that lives on: with the testee's pipes, or without them."""
    child = os.fork()
    if child == 0:
        if not keep:
            for each in (0, 1, 2):
                os.close(each)
        time.sleep(600)
        os._exit(0)
    note(child)


def noise(bytes_of_it):
    chunk = (b"noise " * 20 + b"\n") * 8192
    for _ in range(bytes_of_it // len(chunk) + 1):
        write(chunk, 2)


def reply(request, count):
    good = answer(request)
    line = json.dumps(good).encode() + b"\n"
    if does("nan-text") and count == 3 and first:
        return write(line.replace(b'"data": [', b'"data": [NaN, '))
    if does("nan-answers"):
        return say({"id": good["id"], "value": {"shape": good["value"]["shape"],
                                                 "data": ["NaN"] * len(good["value"]["data"])}})
    if does("twice"):
        return write(line + line)
    if does("invalid-utf8"):
        return write(line + b"\xc3\x28\xa0\xa1\n" if count == 3 else line)
    if does("invalid-utf8-in-answer") and count == 3 and first:
        return write(line[:-2] + b', "skipped": "\xff\xfe\x80"}\n')
    if does("huge-line") and count == 3 and first:
        # 512 MiB without a line break, of which a line may hold 64.
        return [write(b"x" * (1 << 20)) for _ in range(512)]
    if does("huge-garbage"):
        return write(b"y" * (1 << 18) + b"\n" + line)
    if does("byte-by-byte") and count < 3:
        return [write(line[i:i + 1]) for i in range(len(line))]
    write(line)
    if does("exit-0-in-the-middle") and count == 20:
        os._exit(0)
    if does("crash-in-the-middle") and count == 20:
        os.abort()
    if does("noise") and count == 1:
        noise(1 << 30)
    return None


def main():
    global first
    note(os.getpid())
    with open(PIDS) as file:
        first = len(file.readlines()) == 1
    if does("crash-at-start"):
        os.abort()
    if does("exit-0-at-start"):
        return
    if does("hang-at-start"):
        time.sleep(600)
    if does("noise-at-start"):
        noise(1 << 30)
    if does("forks"):
        fork(keep=True)
        fork(keep=False)
    count, kept = 0, []
    for line in sys.stdin.buffer:
        request = json.loads(line)
        if "assay" in request:
            say({"assay": 1, "implementation": {"name": BEHAVIOUR, "version": "1"}, "losses": {"mse": OFFER}})
        elif "echo" in request:
            say({"id": request["id"], "echo": request["echo"]})
        elif "bye" in request:
            if does("crash-at-end"):
                os.abort()
            if does("noise-at-end"):
                noise(1 << 28)
            if does("hang-at-end"):
                time.sleep(600)
            return
        else:
            count += 1
            if does("hang-in-the-middle") and count == 20 and first:
                time.sleep(600)
            if does("forks") and count == 20:
                fork(keep=True)
                os.abort()
            if does("out-of-order"):
                kept.append(answer(request))
                if len(kept) == 4:
                    for each in reversed(kept):
                        say(each)
                    kept.clear()
                continue
            reply(request, count)


main()
