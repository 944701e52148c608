#!/bin/bash
# The conversation of CONTRIBUTING.md's adapter: held with the reference, every answer in the page is right.
#
#   contributing_test.sh path/to/assay path/to/source
set -euo pipefail
assay=$1 source=$2
command -v python3 > /dev/null || { echo "skipped: no python3"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cat > "$scratch/page.py" <<'PYTHON'
import json
import sys


def messages(page):
    """(arrow, object) of each message of the first block that has arrows; a message may go over several lines."""
    block = next(each for each in page.split("```") if "\n-> " in each)
    joined = block.replace("\n->", "\0->").replace("\n<-", "\0<-").split("\0")
    return [(each[:2], json.loads(each[3:])) for each in joined if each[:2] in ("->", "<-")]


def tensors(answer):
    """What both sides of a comparison have: the reference tells more of each tensor."""
    if "echo" in answer:
        return answer["echo"]["shape"], answer["echo"]["data"]
    all_of_them = {"value": answer["value"], **answer["gradient"]}
    return {name: (tensor["shape"], tensor["data"]) for name, tensor in all_of_them.items()}


page = messages(open(sys.argv[1], encoding="utf-8").read())
if sys.argv[2] == "ask":
    for arrow, message in page:
        if arrow == "->":
            print(json.dumps(message))
else:
    came = {}
    for line in open(sys.argv[2], encoding="utf-8"):
        answer = json.loads(line)
        if "id" in answer:
            came[answer["id"]] = answer
    printed = [message for arrow, message in page if arrow == "<-" and "id" in message]
    asked = next(message for arrow, message in page if "loss" in message)
    wanted = {"parameters", "inputs", "wrt"} - asked.keys() | {"labels", "cotangent", "weight"} - asked["inputs"].keys()
    assert not wanted, f"the request lacks {wanted}"
    assert len(printed) == 2, "an echo and an answer are printed"
    for answer in printed:
        right = came.get(answer["id"])
        assert right and "error" not in right, f"the reference says {right}"
        assert tensors(answer) == tensors(right), f"the page says {answer}, the reference {right}"
PYTHON

python3 "$scratch/page.py" "$source/CONTRIBUTING.md" ask > "$scratch/requests"
"$assay" serve --engine reference < "$scratch/requests" > "$scratch/answers"
python3 "$scratch/page.py" "$source/CONTRIBUTING.md" "$scratch/answers"

# What the page's adapter says of itself is understood to the last word.
handshake=$(python3 - "$source/CONTRIBUTING.md" <<'PYTHON'
import json
import sys
block = next(each for each in open(sys.argv[1], encoding="utf-8").read().split("```") if "\n-> " in each)
print(json.dumps(json.loads(block.split("\n<- ")[1].split("\n-> ")[0])))
PYTHON
)
cat > "$scratch/adapter" <<ADAPTER
#!/bin/sh
read line; printf '%s\n' '$handshake'
while read line; do
  case \$line in *bye*) exit 0 ;; esac
  id=\$(printf '%s' "\$line" | sed 's/^{"id": *"\([^"]*\)".*/\1/')
  case \$line in
    *'"echo"'*) printf '%s\n' "\$line" | sed 's/, *"dtype".*/}/' ;;
    *) printf '{"id": "%s", "skipped": "it is a page"}\n' "\$id" ;;
  esac
done
ADAPTER
chmod +x "$scratch/adapter"
code=0
"$assay" verify --golden "$source/golden/v1" --loss sparse_categorical_cross_entropy_with_logits \
  --report "$scratch/report.json" -- "$scratch/adapter" > "$scratch/said" || code=$?
[ "$code" = 1 ] || { echo "exit code $code"; cat "$scratch/said"; exit 1; }
if grep -q protocol/ "$scratch/said"; then cat "$scratch/said"; exit 1; fi
grep -q '"status": *"not offered"' "$scratch/report.json"
grep -q 'it is a page' "$scratch/report.json"
