#!/usr/bin/env bash
# explain_cli_test.sh ASSAY ROOT: explain takes the names that people have at hand, and measures an answer from the
# conventions that the testee declares, as verify does.
set -u
assay=$(realpath -- "$1")
root=$(realpath -- "$2")
scratch=$(mktemp -d) || exit 1
trap 'rm -rf -- "$scratch"' EXIT
cd -- "$scratch" || exit 1
fail() {
  echo "$*" >&2
  exit 1
}
has() { grep -qF -- "$1" out || fail "'$1' is not in: $(cat out)"; }
lacks() { ! grep -qF -- "$1" out || fail "'$1' is in: $(cat out)"; }

# A testee that answers everything with $1 and declares the conventions $2.
cat >testee <<'END'
#!/bin/sh
while IFS= read -r line; do
  id=$(printf %s "$line" | sed 's/.*"id": *"\([^"]*\)".*/\1/')
  case "$line" in
  *'"bye"'*) exit 0 ;;
  *'"echo"'*) printf '%s\n' "$line" ;;
  *'"id"'*) printf '{"id":"%s","value":{"shape":[2],"data":[%s]}}\n' "$id" "$1" ;;
  *) printf '{"assay":1,"implementation":{"name":"sh","version":"1","language":"sh"},"encoding":"data","losses":{"binary_cross_entropy":{"dtypes":["f64"],"reductions":["none"],"gradient":false,"conventions":[%s]}}}\n' "$2" ;;
  esac
done
END
golden=$root/golden/v1
mkdir few && cp -- "$golden"/{mae,mse}.f{32,64}.json few/
slug=$(grep -om1 '"slug": *"[^"]*"' few/mae.f32.json | sed 's/.*: *"//; s/"//')

# Names: the answer is not judged here (exit code 3, nothing is offered), the case is.
explain() {
  "$assay" explain "$@" -- sh ./testee '0,0' '' >out 2>err
}
explain "mae/f32/$slug" --golden few
has "mae/f32/"
explain "mae/$slug" --golden few
grep -q "^mae/f64/$slug, of f32 and f64$" out || fail "LOSS/SLUG does not say what it takes: $(cat out err)"
grep -q '^mae/f64/[0-9a-f]\{12\}  '"$slug"'$' out || fail "LOSS/SLUG takes another case: $(cat out)"
rm few/mae.f64.json
explain "mae/$slug" --golden few
grep -q '^mae/f32/[0-9a-f]\{12\}  '"$slug"'$' out || fail "without f64 the first dtype counts: $(cat out err)"
lacks ", of f32"
cp -- "$golden/huber.f64.json" few/
only=$(grep -o '"slug": *"[^"]*"' few/huber.f64.json | sed 's/.*: *"//; s/"//' | while read -r each; do
  grep -qF "\"$each\"" few/m*.json || { echo "$each"; break; }
done)
explain "$only" --golden few
grep -q "^huber/f64/[0-9a-f]\{12\}  $only$" out || fail "a slug alone: $(cat out err)"
explain nan-under-zero-cotangent --golden few && fail "a slug of three losses is no case"
[ $? -ne 0 ] && [ "$(wc -l <err)" -eq 1 ] || fail "one line: $(cat err)"
grep -q 'is a case of 3 losses: huber, mae, mse; write LOSS/nan-under-zero-cotangent' err ||
  grep -q 'is a case of 3 losses: .*; write LOSS/nan-under-zero-cotangent' err || fail "which: $(cat err)"
explain "${only}x" --golden few
grep -q "did you mean $only?" err || fail "the nearest slug: $(cat err)"

# Conventions, component by component. The first probability is 0 where the target is 1: +inf, or 100 where clamped.
echo '{"loss":"binary_cross_entropy","dtype":"f64","reduction":"none","inputs":{
 "probability":{"shape":[2],"data":[0,0.5]},"target":{"shape":[2],"data":[1,1]}}}' >case.json
half=0.6931471805599453
judge() {
  "$assay" explain case.json -- sh ./testee "$@" >out 2>err
  code=$?
}
judge "100,$half" '"log-clamped-100"'
[ $code -eq 0 ] || fail "the declared convention's answer: $(cat out err)"
has 'true Infinity'
has 'by the convention log-clamped-100 100 (0x1.9p+6)'
has 'the answer follows the convention log-clamped-100, which the testee declares'
judge "Infinity,$half" '"log-clamped-100"'
[ $code -ne 0 ] || fail "Infinity stands in quotes"
judge "\"Infinity\",$half" '"log-clamped-100"'
[ $code -eq 0 ] || fail "the truth is as good: $(cat out err)"
lacks 'by the convention'
judge "101,$half" '"log-clamped-100"'
[ $code -eq 1 ] || fail "101 is neither: $(cat out err)"
has 'measured from the convention log-clamped-100'
has 'ulp from the convention'
judge "100,0.7" '"log-clamped-100"'
[ $code -eq 1 ] || fail "the other number is wrong: $(cat out err)"
has 'inaccurate: '
has ' at value[1]'
lacks 'measured from the convention'
judge "100,$half" ''
[ $code -eq 1 ] || fail "it is not declared: $(cat out err)"
has 'the answer follows the convention log-clamped-100, which the testee does not declare'
has 'true Infinity'
