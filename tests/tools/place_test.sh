#!/usr/bin/env bash
# place_test.sh ASSAY SOURCE: environments of adapters lie where they should, are made once, by one process at a time and
# again when their pins change, and one that could not be made, or was cut short, counts as absent.
set -u
source=$(readlink -f -- "$2")
command -v flock >/dev/null || { echo "skipped: no flock"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
cd -- "$scratch" || exit 1
unset ASSAY_BUILD ASSAY_PYTHON
export XDG_CACHE_HOME=$scratch/cache
fail() {
  echo "place_test: $1"
  [ ! -e out ] || cat out
  exit 1
}

mkdir -p tree/tools/adapters/mine tree/build
cp -r -- "$source/tools/adapters/kit" tree/tools/adapters/kit
mine=tree/tools/adapters/mine
# Takes a while, so that others come meanwhile; `bad` among the pins cannot be made, `hang` is cut short.
cat >$mine/setup <<'SH'
#!/bin/sh
# The environment of this test.
here=$(dirname -- "$(readlink -f -- "$0")")
. "$here/../kit/place.sh"
fill() {
  say "filling $place"
  [ "$(ls -A "$place")" = "" ] || fail "the folder is not empty"
  mkdir "$place/bin"
  printf '#!/bin/sh\necho "$@" "$PYTHONPATH"\n' >"$place/bin/python"
  sleep .3
  ! grep -q bad "$here/pins" || step "$place/log" sh -c 'echo a reason; exit 1' || return
  ! grep -q hang "$here/pins" || sleep 60
  chmod +x "$place/bin/python"
}
make_place fill "$here/pins"
SH
cat >$mine/run <<'SH'
#!/bin/sh
# The testee of this test.
here=$(dirname -- "$(readlink -f -- "$0")")
. "$here/../kit/place.sh"
become "$here/adapter.py" "$@"
SH
chmod +x $mine/setup $mine/run
said() { cat out; }
made() { grep -c filling out; }

echo one >$mine/pins
touch tree/CMakeLists.txt
! $mine/run --version >out 2>&1 || fail "it runs, and is not set up"
[ "$(said)" = "mine adapter: not set up; run tools/adapters/mine/setup" ] || fail "it does not say that it is not set up"
for _ in 1 2 3; do $mine/setup & done >out 2>&1
wait
[ "$(made)" = 1 ] || fail "three at a time do not make one environment"
[ -e tree/build/adapters/mine/stamp ] || fail "it does not lie in the build folder"
$mine/setup >out 2>&1 || fail "what is made cannot be made again"
[ ! -s out ] || fail "what is made is made again"
[ "$($mine/run --version "a b")" = "-B $scratch/$mine/adapter.py --version a b $scratch/tree/tools/adapters/kit/python" ] ||
  fail "run does not become the adapter: $($mine/run --version "a b")"

echo two >$mine/pins
$mine/setup >out 2>&1
[ "$(made)" = 1 ] || fail "other pins make no other environment"

echo before >$mine/pins
$mine/setup >out 2>&1 &
child=$!
for _ in $(seq 100); do grep -q filling out && break; sleep .01; done
echo after >$mine/pins
wait $child
$mine/setup >out 2>&1
[ "$(made)" = 1 ] || fail "pins that changed while it was made are taken for what it was made from"

echo bad >$mine/pins
! $mine/setup >out 2>&1 || fail "what cannot be made is"
grep -q '^a reason$' out && grep -q "^mine adapter: 'sh -c .* failed; what it said last stands above$" out || fail "no reason is given"
[ ! -e tree/build/adapters/mine ] || fail "something half-made is left"
! $mine/run >out 2>&1 || fail "what could not be made runs"

echo hang >$mine/pins
setsid $mine/setup >out 2>&1 &
child=$!
for _ in $(seq 100); do [ -e tree/build/adapters/mine/bin/python ] && break; sleep .1; done
kill -KILL -- -$child
wait $child 2>/dev/null
! $mine/run >out 2>&1 || fail "what was cut short runs"
echo three >$mine/pins
timeout 20 $mine/setup >out 2>&1 || fail "what was cut short cannot be made"
$mine/run >/dev/null || fail "what was cut short, then made, does not run"

ASSAY_BUILD=$scratch/elsewhere $mine/setup >out 2>&1
[ -e elsewhere/adapters/mine/stamp ] || fail "ASSAY_BUILD is not heeded"
rm tree/CMakeLists.txt
$mine/setup >out 2>&1
[ -e cache/assay/adapters/mine/stamp ] || fail "an installed suite's does not lie in the user's cache"

# A virtual environment, without a network: pip installs what lies here.
python3 -c 'import venv, ensurepip' 2>/dev/null || exit 0
mkdir -p tree/golden/examples tree/package
cp -- "$source/golden/examples/judge.py" tree/golden/examples
cp -- "$source/LICENSE" tree
echo "assay-testee @ file://$scratch/tree/tools/adapters/kit/python" >$mine/requirements.txt
sed -i '/^fill()/,$d' $mine/setup
echo 'make_venv "$here/requirements.txt" --no-index --no-deps' >>$mine/setup
echo 'import sys; import assay_testee; print(sys.prefix, assay_testee.Testee("mine", 1).version)' >$mine/adapter.py
$mine/setup >out 2>&1 || fail "no virtual environment"
[ "$(grep -c "^mine adapter: " out)" = 2 ] || fail "it is not said in two lines what is done"
[ "$($mine/run)" = "$scratch/cache/assay/adapters/mine 1" ] || fail "the testee does not run in its environment"
exit 0
