#!/usr/bin/env bash
# conformance_test.sh ASSAY SOURCE: assay_add_conformance_tests as an installed package gives it to a project of one's own
# (tests/consumer_project): the right losses are green, the wrong one is red and says what and where.
set -euo pipefail
build=$(cd -P -- "$(dirname -- "$1")" && pwd) source=$2
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
cd "$scratch"
cmake --install "$build" --prefix "$scratch/installed" >install.log
cp -r "$source/tests/consumer_project" project
compiler=$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
cmake -S project -B b "-DCMAKE_CXX_COMPILER=$compiler" "-DCMAKE_PREFIX_PATH=$scratch/installed" >configure.log 2>&1 ||
  { cat configure.log; exit 1; }
cmake --build b >build.log || { cat build.log; exit 1; }

has() { grep -Eq -- "$1" "$2" || { echo "no '$1' in $2:"; cat "$2"; exit 1; }; }
hasnt() { ! grep -Eq -- "$1" "$2" || { echo "'$1' in $2:"; cat "$2"; exit 1; }; }
# ctest ARGS..., into the file "said"; the exit code has to be the first argument.
tests() {
  local wanted=$1 code=0
  shift
  ctest --test-dir b "$@" >said 2>&1 || code=$?
  [ "$code" = "$wanted" ] || { echo "exit code $code, not $wanted: ctest $*"; cat said; exit 1; }
}

# One a loss and dtype, in the catalogue's order, and nothing of what was not asked for.
tests 0 -N
sed -n 's/^ *Test *#[0-9]*: //p' said >names
cat >expected <<'LINES'
plugin.mse.f32
plugin.mse.f64
plugin.log_cosh.f64
mine.mse.f32
mine.mse.f64
mine.mae.f32
mine.mae.f64
mine.log_cosh.f32
mine.log_cosh.f64
some.mse.f64
some.log_cosh.f64
adapter.mse.f32
silent.handshake
LINES
diff expected names

tests 8 -L conformance --output-on-failure
has 'mine\.mse\.f32 \.+ +Passed' said
has 'mine\.mae\.f64 \.+ +Passed' said
has 'mine\.log_cosh\.f32 .*\*\*\*Failed' said
has '67% tests passed, 2 tests failed out of 6' said
# What and where: the loss, the case, what came and what was expected.
has 'log_cosh f64' said
has 'log_cosh/f64/[0-9a-f]{12}' said
tests 8 -R '^plugin' --output-on-failure
has 'plugin\.mse\.f32 \.+ +Passed' said
has 'plugin\.mse\.f64 \.+ +Passed' said
has 'plugin\.log_cosh\.f64 .*\*\*\*Failed' said
has 'prediction .* expected' said
has 'log_cosh/f64/[0-9a-f]{12} --plugin' said
tests 8 -R '^silent' --output-on-failure
has 'I speak no protocol' said

# --require and the list of what is known take effect; so does the adapter by its name.
tests 8 -R '^some' --output-on-failure
has 'some\.mse\.f64 \.+ +Passed' said
tests 0 -R '^adapter'

# What is offered is asked again when the testee changes, and only then.
touch -d '1 day ago' project/testee.py
before=$(stat -c %Y.%Z b/mine.conformance/offers.txt)
tests 0 -N
[ "$before" = "$(stat -c %Y.%Z b/mine.conformance/offers.txt)" ] || { echo "the testee was asked again"; exit 1; }
sed -i '/"mae": distance/s/"mae": distance, //' project/testee.py
touch -d '1 hour' project/testee.py
tests 0 -N
hasnt 'mine\.mae' said
has 'mine\.mse' said

# Mistakes in a call are told when it is configured.
refused() {
  mkdir -p wrong
  printf 'cmake_minimum_required(VERSION 3.25)\nproject(wrong LANGUAGES CXX)\nfind_package(assay REQUIRED)\n%s\n' "$1" >wrong/CMakeLists.txt
  if cmake -S wrong -B wrong/b "-DCMAKE_CXX_COMPILER=$compiler" "-DCMAKE_PREFIX_PATH=$scratch/installed" >said 2>&1; then
    echo "accepted: $1"
    exit 1
  fi
  tr '\n' ' ' <said | tr -s ' ' >line
  has "$2" line
}
refused 'assay_add_conformance_tests(NAME a)' 'give one of COMMAND, PLUGIN and TESTEE'
refused 'assay_add_conformance_tests(NAME a TESTEE naive PLUGIN b)' 'give one of COMMAND, PLUGIN and TESTEE'
refused 'assay_add_conformance_tests(TESTEE naive)' 'NAME is what the tests are called by'
refused 'assay_add_conformance_tests(NAME a TESTEE naive DTYPE f32)' 'is no part of it'
