"""The program, asked: the catalogue, and certified answers of the reference engine."""

import json
import struct
import subprocess
import sys


def fail(message):
    sys.exit(f"pages: {message}")


def catalogue(program):
    """The records of all losses, in the catalogue's order."""
    ran = subprocess.run([program, "losses", "--json"], stdout=subprocess.PIPE, text=True)
    if ran.returncode != 0:
        fail(f"'{program} losses --json' ended with {ran.returncode}; what it said stands above")
    return json.loads(ran.stdout)["losses"]


def numbers(tensor):
    return [x for x, in struct.iter_unpack(">d", bytes.fromhex(tensor["bits"]))]


def answers(program, cases):
    """What the reference engine says to each case, in their order. All are in f64."""
    lines = [{"assay": 1}, *({"id": str(i), "dtype": "f64", **case} for i, case in enumerate(cases)), {"bye": True}]
    ran = subprocess.run(
        [program, "serve", "--engine", "reference"],
        input="".join(json.dumps(line) + "\n" for line in lines),
        stdout=subprocess.PIPE,
        text=True,
    )
    if ran.returncode != 0:
        fail(f"'{program} serve --engine reference' ended with {ran.returncode}; what it said stands above")
    found = {}
    for line in ran.stdout.splitlines()[1:]:
        answer = json.loads(line)
        if "value" not in answer:
            fail(f"the reference refuses what curves.py asks of {cases[int(answer['id'])]['loss']}: {answer['error']}")
        found[int(answer["id"])] = answer
    return [found[i] for i in range(len(cases))]
