"""A testee whose every text tries to be more than text, and whose answers are wrong in several ways."""

import json
import sys

MARKUP = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"><!--"
HIDDEN = "\u202egnp.exe\u202c \x1b[31mred\x1b[0m"


def say(answer):
    print(json.dumps(answer), flush=True)


def main():
    cases = 0
    for line in sys.stdin:
        request = json.loads(line)
        if "assay" in request:
            offer = {"dtypes": ["f32", "f64"], "reductions": ["none", "mean", "sum"], "gradient": True,
                     "conventions": [MARKUP]}
            name = {"name": "evil " + MARKUP, "version": HIDDEN, "language": "<b>html</b>"}
            say({"assay": 1, "implementation": name, "losses": {"mse": offer, "huber": offer}, "encoding": "data"})
        elif "echo" in request:
            say({"id": request["id"], "echo": request["echo"]})
        elif "bye" in request:
            sys.stderr.write(MARKUP + "\n")
            return
        else:
            cases += 1
            if cases % 3 == 0:
                say({"id": request["id"], "error": f"{MARKUP} {HIDDEN}"})
            elif cases % 3 == 1:
                say({"id": request["id"], "skipped": MARKUP})
            else:
                shape = [] if request["reduction"] != "none" else request["inputs"]["prediction"]["shape"]
                zeros = lambda shape: {"shape": shape, "data": [0] * max(1, product(shape))}
                gradient = {name: zeros(request["inputs"][name]["shape"]) for name in request.get("wrt", [])}
                say({"id": request["id"], "value": zeros(shape), "gradient": gradient})


def product(shape):
    out = 1
    for each in shape:
        out *= each
    return out


if __name__ == "__main__":
    main()
