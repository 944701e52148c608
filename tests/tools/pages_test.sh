#!/usr/bin/env bash
# pages_test.sh ASSAY SOURCE: docs/losses/ is what tools/pages/write writes now, and a page that is not is found, and one
# that no loss has, in one line that says what to run.
set -eu
root=$2
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT

"$root/tools/pages/write" --check "$1"

mkdir "$scratch/tools"
cp -R -- "$root/tools/pages" "$scratch/tools"
cp -R -- "$root/docs" "$scratch"
ln -s -- "$root/golden" "$scratch"
sed -i 's/certified/roughly known/' "$scratch/docs/losses/mse.md"
touch "$scratch/docs/losses/no_such_loss.md"
status=0
"$scratch/tools/pages/write" --check "$1" 2>"$scratch/said" || status=$?
[ "$status" = 1 ]
[ "$(<"$scratch/said")" = "pages: docs/losses/mse.md and 1 more are not current; run tools/pages/write" ] || {
  cat "$scratch/said"
  exit 1
}
