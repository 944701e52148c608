#!/bin/bash
# Plugins on the command line: the examples as their own comments build them, what is no plugin, and the kernels
# behind the C ABI, which answer as they do over the pipe.
#
#   plugin_cli_test.sh path/to/assay path/to/source
set -euo pipefail
assay=$1 source=$2
examples=$source/tools/adapters/kit/plugin
kernels=$(dirname "$assay")/tools/assay-kernels-plugin.so
command -v python3 > /dev/null || { echo "skipped: no python3"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# expect CODE TEXT COMMAND...: the exit code, and the text in what is printed.
expect() {
  local code=$1 text=$2 got=0
  shift 2
  "$@" > out 2>&1 || got=$?
  if [ "$got" -ne "$code" ] || ! grep -qF -- "$text" out; then
    echo "exit code $got, expected $code and '$text': $*"
    cat out
    exit 1
  fi
}

# Each example's line that builds it and puts it to verify, as it stands, with the header from the source tree.
export CPATH=$source/include
printf '#!/bin/sh\nexec "%s" "$@"\n' "$assay" > assay
chmod +x assay
PATH=$PWD:$PATH
for example in "$examples"/huber.*; do
  line=$(grep -m1 '&& assay verify --plugin' "$example" | sed 's,^[/*# ]*,,')
  command -v "${line%% *}" > /dev/null || { echo "without ${line%% *}: $(basename "$example")"; continue; }
  cp "$example" .
  expect 0 " conform" bash -c "$line --loss huber"
done
[ -e huber_c.so ] && [ -e huber_cpp.so ]

expect 0 "answered by huber.cpp 1" "$assay" explain huber/f64/at-delta --plugin huber_cpp.so
expect 0 "answered by huber.c 1" "$assay" explain huber/f32/at-delta --plugin huber_c.so --in-process
# Where a difference overflows the textbook's formula does not conform; the command shown asks the plugin again.
expect 1 "explain - --plugin ./huber_cpp.so" "$assay" audit --plugin ./huber_cpp.so --loss huber --regime extreme --budget 500cases
expect 0 "huber.cpp" bash -c "printf '%s\n' '{\"assay\": 1}' '{\"bye\": true}' | $assay serve --plugin huber_cpp.so"

# A function that is wrong, from C++ and with a reduction of its own; what it prints stays out of the way.
cat > wrong.cpp <<'CPP'
#include <assay/testee.hpp>
double mean_square(const double* x, const double* t, size_t n) {
  std::puts("step 1");
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += (x[i] - t[i]) * (x[i] - t[i]);
  return sum / double(n + 1);
}
ASSAY_TESTEE("wrong", "1", assay::testee::function("mse", "mean", mean_square, "prediction target count"))
CPP
c++ -std=c++17 -shared -fPIC -O1 wrong.cpp -o wrong.so
expect 1 "value is " "$assay" verify --plugin wrong.so --loss mse
! grep -q "step 1" out

# What is no plugin.
expect 2 "there is no file missing.so" "$assay" verify --plugin missing.so
expect 2 "takes one testee" "$assay" verify naive --plugin wrong.so
expect 2 "--in-process goes with --plugin" "$assay" verify naive --in-process
expect 2 "one of the two" "$assay" serve --engine kernels --plugin wrong.so
: > empty.so
printf 'int f(void) { return 1; }\n' > none.c
cc -shared -fPIC none.c -o none.so
for where in "" --in-process; do
  expect 3 "cannot load the plugin empty.so" "$assay" verify --plugin empty.so $where
  expect 3 "none.so exports no assay_testee_v1" "$assay" verify --plugin none.so $where
done

# The kernels: by the pipe and through the table the same is said of every case, up to the last digit.
losses="--loss huber --loss mse --loss softmax --loss sparse_categorical_cross_entropy"
"$assay" verify $losses --golden "$source/golden/v1" --report pipe.json > /dev/null
"$assay" verify $losses --golden "$source/golden/v1" --plugin "$kernels" --report child.json > /dev/null
"$assay" verify $losses --golden "$source/golden/v1" --plugin "$kernels" --in-process --report here.json > /dev/null
python3 -B - <<'PYTHON'
import json

pipe, child, here = ([dict(c, reproduce="") for c in json.load(open(name))["cases"]]
                     for name in ("pipe.json", "child.json", "here.json"))
assert len(pipe) > 300, len(pipe)
assert child == here
different = [(a, b) for a, b in zip(pipe, child) if a != b and a["regime"] != "invalid"]
assert not different, different[0]
PYTHON
echo "plugins on the command line are as they should be"
