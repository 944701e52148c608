#!/usr/bin/env bash
# html_report_test.sh ASSAY SOURCE: HTML reports as a reader meets them, in Chromium without a window: charts are drawn,
# filters work, the keyboard and a screen reader get everywhere, hostile texts are text, nothing is loaded from elsewhere.
# Exit code 77: Chromium, its driver or Python is absent.
set -eu
for program in python3 chromedriver chromium; do
  command -v "$program" >/dev/null || {
    echo "skipped: there is no $program (Debian: apt install python3 chromium chromium-driver)"
    exit 77
  }
done
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
here=$(cd -P -- "$(dirname -- "$0")" && pwd)

# A verification that fails in many ways, one that conforms everywhere, an audit, a comparison, and a testee that means ill.
status=0
"$1" verify naive --report "$scratch/naive.html" --report "$scratch/naive.json" >/dev/null || status=$?
[ "$status" = 1 ]
"$1" verify --report "$scratch/kernels.html" --report "$scratch/kernels.json" >/dev/null
"$1" audit naive --loss huber --loss softplus --dtype f64 --budget 2000cases --seed 7 --report "$scratch/audit.html" \
  >/dev/null || status=$?
"$1" verify --loss mse --loss huber --dtype f64 --report "$scratch/hostile.html" \
  -- python3 "$here/hostile_testee.py" >/dev/null || status=$?
"$1" compare "$scratch/naive.json" "$scratch/kernels.json" --report "$scratch/compare.html" >/dev/null
PYTHONDONTWRITEBYTECODE=1 python3 "$here/html_report.py" "$scratch"
