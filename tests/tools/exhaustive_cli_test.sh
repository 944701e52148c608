#!/bin/bash
# `assay audit --exhaustive` as its users run it: whole, in shards that merge to the same report, interrupted and
# resumed, in process and through a pipe. usage: exhaustive_cli_test.sh ASSAY SOURCE_DIR
set -u
assay=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

fail() {
  echo "exhaustive_cli_test.sh: $*" >&2
  exit 1
}
# expect CODE WORDS COMMAND...: the exit code, and what it says somewhere.
expect() {
  local code=$1 words=$2
  shift 2
  "$@" >out 2>err
  local got=$?
  [ $got = "$code" ] || fail "exit code $got, not $code: $* $(cat err)"
  grep -qF -- "$words" out err || fail "\"$words\" is not said by: $* $(cat out err)"
}

range="--from 0x3f000000 --to 0x3f05ffff"
audit="$assay audit --exhaustive $range --loss hinge --loss softplus"
expect 0 "softplus f32 value: 393,216 inputs: worst 0.50000" $audit --report whole.json --report whole.xml --report whole.md
grep -q "hinge f32 gradient.score, target -1" whole.md || fail "the page lacks a statement"
grep -q '<testsuite name="hinge.f32" tests="4" failures="0"' whole.xml || fail "JUnit lacks the statements"

for i in 1 2 3; do expect 0 "softplus" $audit --shard $i/3 --report part$i.json; done
expect 2 "not complete: softplus f32: " "$assay" merge part1.json part3.json
expect 2 "are in two parts" "$assay" merge part1.json part2.json part2.json
expect 0 "softplus" "$assay" merge part2.json part3.json part1.json --report merged.json
cmp whole.json merged.json || fail "the parts do not merge to the whole"
expect 2 "part3.json: holds no exhaustive audit" env sh -c "echo '{}' >part3.json; exec $assay merge part1.json part3.json"

# Interrupted, what is done is kept, and the same command goes on.
long="$assay audit --exhaustive --loss hinge --from 0x3f000000 --to 0x3f7fffff --resume kept.json"
$long >out 2>err &
pid=$!
sleep .5
kill -INT $pid 2>/dev/null
wait $pid
[ $? = 1 ] || [ $? = 0 ] || fail "interrupted: $(cat err)"
[ -s kept.json ] || fail "nothing was kept"
cp kept.json before.json
expect 0 "hinge f32 value, target 1: 8,388,608 inputs" $long
expect 0 "hinge f32 value, target 1: 8,388,608 inputs" $long
expect 2 "kept.json: these are parts of two audits" $audit --resume kept.json
expect 2 "not what it should be" sh -c "echo '{}' >kept.json; exec $long"

# Through a pipe the same is found.
pipe="--from 0x3f000000 --to 0x3f000fff --loss softplus"
$assay audit --exhaustive $pipe | tail -n +2 >in_process
$assay audit --exhaustive $pipe --jobs 2 -- "$assay" serve --engine kernels | tail -n +2 >through_pipe
cmp in_process through_pipe || fail "a pipe changes what is found"

expect 2 "--exhaustive takes exponential f32, hinge f32" "$assay" audit --exhaustive --loss huber
expect 2 "it takes no --regime" "$assay" audit --exhaustive --regime tail
expect 2 "--from is beyond --to" "$assay" audit --exhaustive --from 2 --to 1
