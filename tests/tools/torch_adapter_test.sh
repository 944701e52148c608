#!/usr/bin/env bash
# torch_adapter_test.sh ASSAY: PyTorch conforms through the adapter but for its known failures, and README.md says what
# is found in the torch that it names.
# Exit code 77: torch is absent, or another version than the lists and the table are about.
set -u
assay=$1
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
cd -- "$root" || exit 1

if ! torch=$(tools/adapters/torch/run --version 2>&1 </dev/null); then
  echo "skipped: $torch"
  exit 77
fi
if ! grep -q "^pytorch ${torch#torch }, checked by assay " README.md; then
  echo "skipped: README.md and known-failures.txt are about another torch than $torch"
  exit 77
fi
exec tools/readme_table --check "$assay"
