#!/usr/bin/env bash
# tolerance_cli_test.sh ASSAY SOURCE: assay tolerance as its users run it: what is printed and returned, and what is
# refused.
set -euo pipefail
assay=$1
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
fail() { echo "$*" >&2; exit 1; }
refused() {
  local words=$1 code=0
  shift
  "$assay" tolerance "$@" >out 2>err </dev/null || code=$?
  [ $code = 2 ] || fail "$* exits $code: $(cat err)"
  [ "$(wc -l <err)" = 1 ] || fail "$*: more than one line: $(cat err)"
  grep -qF -- "$words" err || fail "$*: no \"$words\" in: $(cat err)"
}
few="--loss mse --dtype f32"

refused 'say --rtol R and --atol A'
refused 'say --rtol R and --atol A' --rtol 1e-3
refused 'say --rtol R and --atol A' --atol 1e-3
refused '--like says both' --like torch --atol 1e-3
refused 'there are torch, numpy, jax, keras, tensorflow, mlx' --like pytoch
refused 'not negative' --rtol -1 --atol 0
refused 'not negative' --rtol nan --atol 0
refused 'not negative' --rtol 1e-3x --atol 0
refused 'expected or answer' --rtol 0 --atol 0 --relative-to exact
refused 'did you mean "huber"' --loss hubber --rtol 0 --atol 0
mkdir empty
refused 'no golden file' --golden empty --rtol 0 --atol 0

"$assay" tolerance $few --rtol 50 --atol 5 >loose 2>err || fail "50 and 5: $(cat err)"
[ ! -s err ] || fail "it says on standard error: $(cat err)"
grep -q 'f32: rtol 50, atol 5' loose || fail "no tolerance: $(cat loose)"
grep -q 'wrong-sign: 2 of 2 pass; mse f32 gradient: gradient by [a-z]* negated' loose || fail "no sign-flipped gradient passes: $(cat loose)"
"$assay" tolerance $few --rtol 0 --atol 0 >none
grep -q '^None of them passes' none || fail "something passes where nothing is allowed: $(cat none)"
"$assay" tolerance $few --like torch >like
grep -q 'f32: rtol 1.3e-06, atol 1e-05' like || fail "not torch's: $(cat like)"
grep -q 'torch.testing.assert_close' like || fail "not torch's: $(cat like)"
! grep -q 'negated' like || fail "a sign-flipped gradient passes: $(cat like)"

"$assay" tolerance $few --rtol 1.5 --atol 0 >of_expected
"$assay" tolerance $few --rtol 1.5 --atol 0 --relative-to answer >of_answer
grep -q 'missing-gradient: [1-9]' of_expected || fail "a gradient of 0 is off by more than itself: $(cat of_expected)"
! grep -q 'missing-gradient' of_answer || fail "a gradient of 0 passes a part of itself: $(cat of_answer)"

"$assay" tolerance $few --rtol 50 --atol 5 --json >loose.json
for what in '"tolerances":\[{"dtype":"f32","rtol":50,"atol":5}\]' '"loss":"mse","dtype":"f32","output":"gradient","wrong":[1-9]' \
  '"name":"gradient by prediction negated","kinds":\["wrong-sign"\],"grade":"wrong"' '"textbook_passes":true' \
  '"rtol_at_atol_0":{"largest":' '"unseen":\[{"loss":"mse"'; do
  grep -q "$what" loose.json || fail "the JSON holds no $what: $(head -c 600 loose.json)"
done

# What was measured once is not measured again, and says the same; of what was not measured it says nothing.
"$assay" tolerance $few --rtol 50 --atol 5 --measured kept >first
[ "$(wc -l <kept)" -gt 20 ] || fail "nothing was kept"
cmp -s loose first || fail "keeping changes the answer"
PATH= "$assay" tolerance $few --rtol 50 --atol 5 --measured kept --progress >again 2>err
cmp -s loose again || fail "what was kept says something else: $(diff loose again)"
[ ! -s err ] || fail "it measured again: $(cat err)"
refused 'holds nothing of huber/f32' --loss mse --loss huber --dtype f32 --rtol 0 --atol 0 --measured kept
sed -i '$d' kept
refused 'kept is not what --measured wrote' $few --rtol 0 --atol 0 --measured kept
refused 'cannot write' $few --rtol 0 --atol 0 --measured none/kept

# What lets none pass lets none pass, and what lets one pass does.
"$assay" tolerance $few --loss huber --rtol 1e-6 --atol 0 --progress >out 2>err
grep -q '^tolerance: [1-9][0-9]* of [1-9][0-9]* implementations' err || fail "no progress: $(cat err)"
grep -q '^all  ' out || fail "no sum over two losses: $(cat out)"
