#!/usr/bin/env bash
# torch_adapter_test.sh ASSAY conforms: PyTorch conforms but for its known failures, through the adapter.
# torch_adapter_test.sh ASSAY readme:   README.md says what is found in the torch that it names.
# Exit code 77: torch is absent, or another version than the lists and the table are about.
set -u
assay=$1
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd -- "$root" || exit 1

if ! torch=$(tools/adapters/torch/run --version 2>&1 </dev/null); then
  echo "skipped: $torch"
  exit 77
fi
if ! grep -q "^pytorch ${torch#torch }, checked by assay " README.md; then
  echo "skipped: README.md and known-failures.txt are about another torch than $torch"
  exit 77
fi

case $2 in
  conforms)
    "$assay" verify --known-failures tools/adapters/torch/known-failures.txt -- tools/adapters/torch/run
    ;;
  readme)
    tools/readme_table --check "$assay"
    ;;
esac
