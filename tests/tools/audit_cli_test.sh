#!/usr/bin/env bash
# audit_cli_test.sh ASSAY SOURCE: audits as their users run them: what is printed, written and returned, and what a
# mistake, a full disk, a folder that cannot be written to and an interrupt leave behind.
set -euo pipefail
assay=$1
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
fail() { echo "$*" >&2; exit 1; }
# refused 'WORDS' ARGS...: exit code 2, and one line that holds the words.
refused() {
  local words=$1 code=0
  shift
  "$assay" "$@" >out 2>err </dev/null || code=$?
  [ $code = 2 ] || fail "$* exits $code: $(cat err)"
  [ "$(wc -l <err)" = 1 ] || fail "$*: more than one line: $(cat err)"
  grep -qF -- "$words" err || fail "$*: no \"$words\" in: $(cat err)"
}
few="--loss mse --dtype f32 --budget 700cases"

refused 'it takes 60s, 30m, 2h or 20000cases' audit --budget 60
refused 'no regime named "strange"' audit --regime strange
refused 'no grade named "good"' audit --require good
refused '--shard needs a budget in cases' audit --budget 5s --shard 1/2
refused 'did you mean "huber"' audit --loss hubber
refused 'there are .json' audit $few --report a.pdf
echo '{}' >none-of-ours.json
refused 'has no "audit"' merge none-of-ours.json
refused 'cannot read none.json' merge none.json

# The kernels conform; the reports are what they say.
"$assay" audit $few --report a.json --report a.xml --report a.md >out || fail "the kernels: $(cat out)"
grep -q 'mse  *f32' out || fail "no row of mse: $(cat out)"
grep -q '^promises: [1-9][0-9]* kept, 0 broken$' out || fail "no promises: $(cat out)"
grep -q '"schema":"assay-report-v1".*"conforms":true' a.json || fail "the JSON report: $(head -c 500 a.json)"
! grep -q '"status":"failed"' a.json || fail "something fails in the JSON report"
for what in '"output":"value","regime":"everyday"' '"output":"gradient.prediction"' '"worst_by_exponent":{"everyday":\[\[' \
  '"promise":"IsConvex","kept":[1-9]' '"budget":"700cases","seed":1'; do
  grep -q "$what" a.json || fail "the JSON report holds no $what"
done
grep -q '<testsuite name="mse.f32"' a.xml || fail "the JUnit report: $(head -3 a.xml)"
grep -q '| `mse` | f32 |' a.md || fail "the page: $(cat a.md)"

# A wrong testee: a failure of its own, its simplest case, and a command that shows it again.
wrong() { "$assay" serve --engine kernels | sed -u '/"value"/ s/"data":\[\([0-9]*\)\./"data":[\1.9/'; }
export -f wrong
export assay
code=0
"$assay" audit $few --report w.json -- bash -c wrong >out 2>err || code=$?
[ $code = 1 ] || fail "a wrong testee exits $code: $(cat err)"
grep -q '^mse f32: [1-9][0-9]* place' out || fail "no failure is told: $(cat out)"
grep -q '^{"loss":"mse","dtypes":\["f32"\],.*"known":false,"cases":\[.*"example":{' w.json || fail "the JSON report has no cause"
code=0
"$assay" audit naive --loss softplus --dtype f32 --budget 700cases --report n.json >out 2>err || code=$?
[ $code = 1 ] || fail "naive exits $code: $(cat err)"
grep -q '^{"loss":"softplus",.*"mechanism":{"name":"overflowing-exponential","sentence":' n.json ||
  fail "a cause has no mechanism: $(grep -A9 '^"causes"' n.json)"
grep -qE '^  why: (perhaps )?overflowing-exponential; ' out || fail "the mechanism is not told: $(cat out)"
"$assay" audit $few --report w.json -- bash -c wrong >out 2>err || true
command=$(grep -m 1 -o "printf %s .*" out | sed "s|tools/assay|$assay|") || fail "no command: $(cat out)"
code=0
bash -c "$command" >again 2>&1 || code=$?
[ $code = 1 ] || fail "the command exits $code: $command: $(cat again)"
# Known failures excuse it, and an entry that nothing needed fails the run.
printf '%s\n' 'audit/mse/f32/*  # the digit 9' 'promise/mse/f32/*  # likewise' >known
"$assay" audit $few --known-failures known -- bash -c wrong >out 2>&1 || fail "known failures: $(cat out)"
echo 'audit/mse/f32/value/tail  # there is none' >>known
! "$assay" audit $few --known-failures known >out 2>&1 || fail "a rotten entry passes"

# Parts join to the whole.
for i in 1 2; do "$assay" audit $few --shard $i/2 --report part$i.json >out; done
"$assay" merge part1.json part2.json --report whole.json >out || fail "merge: $(cat out)"
facts() { grep -o '"audit": {"places".*"campaign"' "$1"; }
[ "$(facts whole.json)" = "$(facts a.json)" ] || fail "the merged report is another"
refused 'shard 2/2 is missing: strands 1' merge part1.json
refused 'shard 1/2 is counted twice' merge part1.json part2.json part1.json
"$assay" audit $few --seed 2 --shard 2/2 --report other.json >out
refused 'are not parts of one audit' merge part1.json other.json

# Nothing half-written: a full disk, a folder that is not there, an interrupt in the middle.
refused 'cannot write none/a.json' audit $few --report none/a.json
refused 'cannot write none/journal' audit $few --resume none/journal
ln -s /dev/full full.json
refused 'No space left on device' audit $few --report full.json
"$assay" audit --loss mse --budget 1000000cases --resume journal --report late.json >out 2>err &
pid=$!
for _ in $(seq 100); do [ "$(wc -l <journal 2>/dev/null || echo 0)" -ge 3 ] && break; sleep .1; done
kill -KILL $pid
wait $pid 2>/dev/null || true
[ ! -e late.json ] || fail "a killed audit left a report"
[ "$(wc -l <journal)" -ge 3 ] || fail "a killed audit kept nothing"
# One interrupt, as a terminal sends it: timeout by itself sends two, and the second one ends the program.
timeout --foreground --signal INT 3 "$assay" audit --loss mse --budget 1000000cases --resume journal --report late.json \
  >out 2>err || true
grep -q '"interrupted":true' late.json || fail "an interrupt ends without a report: $(cat err)"
[ "$(grep -o '"strand":' late.json | wc -l)" -ge 2 ] || fail "what the killed audit kept is not in the report"
ls -A | grep -q '^\.late' && fail "something half-written is left"
exit 0
