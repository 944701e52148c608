#!/usr/bin/env bash
# record_cli_test.sh ASSAY SOURCE: answers are recorded, by verify and by golden/examples/record.py, and judged later as
# they would have been at once; reports are compared; what is wrong with a record or a report is one line.
set -euo pipefail
assay=$1 root=$2
v1=$root/golden/v1
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
fail() { echo "$*" >&2; exit 1; }
# ends CODE ARGS...: what it prints is in out and err.
ends() {
  local wanted=$1 code=0
  shift
  "$assay" "$@" >out 2>err </dev/null || code=$?
  [ $code = "$wanted" ] || fail "$* exits $code, not $wanted: $(head -c 2000 err)"
}
# refused 'WORDS' ARGS...: exit code 2, and one line that holds the words.
refused() {
  local words=$1
  shift
  ends 2 "$@"
  [ "$(wc -l <err)" = 1 ] || fail "$*: more than one line: $(cat err)"
  grep -qF -- "$words" err || fail "$*: no \"$words\" in: $(cat err)"
}

# The reference answers huber; what judge says of the record is what verify said at once, but for how to see it again.
reference=(-- "$assay" serve --engine reference)
ends 0 verify --loss huber --dtype f32 --record r.jsonl --report live.json "${reference[@]}"
mv out live
[ "$(wc -l <r.jsonl)" = 92 ] || fail "not a handshake and 91 answers: $(wc -l <r.jsonl)"
[ "$(ls -A | tr '\n' ' ')" = "err live live.json r.jsonl " ] || fail "something is left behind: $(ls -A)"
ends 0 judge r.jsonl --loss huber --dtype f32 --report later.json
cmp live out || fail "judged later it is another"
alike() { sed -E 's/^\{"schema".*//; s/,"reproduce":"[^"]*"//g' "$1"; }
cmp <(alike live.json) <(alike later.json) || fail "the reports differ"
ends 0 judge r.jsonl --require 'correctly rounded' --regime everyday
refused 'no grade named' judge r.jsonl --require good

# Another record, by a script; a mistake is found, under its grade.
cp -- "$root"/golden/examples/*.py .
python3 record.py by-hand.jsonl "$v1"/{mae,huber,mse}.f{32,64}.json
[ ! -e by-hand.jsonl.part ] || fail "a part is left behind"
ends 0 judge by-hand.jsonl --report right.json
sed -i 's/return a \/ 2 \* a, \[a\]/return a \/ 2 * a, [a * 1.5]/' losses.py
python3 record.py wrong.jsonl "$v1"/{mae,huber}.f{32,64}.json
ASSAY_CALLED_AS=$assay ends 1 judge wrong.jsonl --report wrong.json
again=$(sed -En '/"status":"failed"/{s/.*"reproduce":"([^"]*)".*/\1/p;q}' wrong.json)
[[ $again = *"explain huber/"*" --record wrong.jsonl" ]] || fail "it is seen again by $again"
code=0
sh -c "$again" >out 2>err || code=$?
[ $code = 1 ] || fail "$again exits $code: $(cat err)"
grep -q 'answered by losses.py 1' out || fail "$again answers otherwise: $(cat out)"
refused 'leave one of them out' explain huber/f32/seven-differences --record wrong.jsonl "${reference[@]}"
ends 0 judge wrong.jsonl --require wrong
echo 'huber/* # half as much again' >known
ends 0 judge wrong.jsonl --loss huber --regime everyday --known-failures known || fail "$(cat out)"
sed -i 's/CONVENTIONS = \[\]/CONVENTIONS = ["log-clamped-100"]/; s/^LOSSES = {/&"binary_cross_entropy": None, /' losses.py
python3 record.py none.jsonl "$v1"/binary_cross_entropy.f32.json
grep -q '"conventions": \["log-clamped-100"\]' none.jsonl || fail "a convention is not declared: $(head -1 none.jsonl)"

# What is missing fails and is said; what was recorded and cannot be judged is refused by name.
head -n 50 r.jsonl >half.jsonl
ends 1 judge half.jsonl
grep -q 'the record has no answer' out || fail "a missing answer is not told: $(cat out)"
sed 2,3s,huber/f32/,huber/f32/0, r.jsonl >unknown.jsonl
refused 'unknown.jsonl: 2 answers are to cases that' judge unknown.jsonl
grep -Eq 'does not hold: huber/f32/0[0-9a-f]{12} \(line 2\), huber/f32/0[0-9a-f]{12} \(line 3\); name the folder' err || fail "$(cat err)"
sed 's,"id":"huber/f32/,"id":"hubber/f32/,' r.jsonl >unheard.jsonl
refused 'and 88 more' judge unheard.jsonl --loss mse
sed '1s/"reductions":\["none",/"reductions":[/' r.jsonl >narrow.jsonl
refused 'to cases that its handshake does not offer: huber/f32/' judge narrow.jsonl
sed '5s/$/ /;5p' r.jsonl >twice.jsonl
refused 'twice.jsonl, line 6: a second answer to huber/f32/' judge twice.jsonl
head -c 5000 r.jsonl >cut.jsonl
refused 'is no JSON' judge cut.jsonl
refused 'cannot read none-such.jsonl' judge none-such.jsonl
refused 'cannot write' verify --loss huber --record nowhere/r.jsonl "${reference[@]}"

# The example of docs/comparing.md: one answer is right, one left out, one rightly refused.
awk '/^```/ { open = !open; plain = open && $0 == "```"; next } plain' "$root/docs/comparing.md" >example.jsonl
[ "$(wc -l <example.jsonl)" = 4 ] || fail "docs/comparing.md has another example: $(cat example.jsonl)"
ends 1 judge example.jsonl --report example.json
for one in '379a88aaa686","[^}]*"status":"conforming"' '69ac8d2d5b65","[^}]*"status":"failed"' \
  '98dffa273795","[^}]*"status":"conforming"'; do
  grep -Eq "\"id\":\"huber/f32/$one" example.json || fail "docs/comparing.md's example is judged otherwise: no $one"
done

# Side by side.
ends 0 compare right.json wrong.json --report c.md --badge badge.json
grep -q '^losses.py 1 (right.json) -> losses.py 1 (wrong.json): 0 fixed, [1-9][0-9]* broken, 0 new, 0 gone$' out || fail "$(cat out)"
grep -Eq '^huber +gradient +[0-9]+/[0-9]+, [0-9.]+ ulp +[0-9]+/[0-9]+, ' out || fail "no row of huber's gradient: $(cat out)"
! grep -Eq '^(huber +value|mae )' out || fail "what conforms is no row of the terminal: $(cat out)"
grep -q '^| `huber` | gradient |' c.md || fail "$(cat c.md)"
grep -Eq '^\{"schemaVersion":1,"label":"assay","message":"[0-9]+ of [0-9]+ stable","color":"[a-z]+"\}$' badge.json || fail "$(cat badge.json)"
ends 0 compare live.json
refused 'badge.json: is no report: it has no "schema"' compare live.json badge.json
refused 'no comparison ends like c.pdf' compare live.json --report c.pdf
refused 'cannot write' compare live.json --badge nowhere/badge.json
head -c 20000 live.json >cut.json
refused 'cut.json: line' compare cut.json
