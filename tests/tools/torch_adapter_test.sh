#!/usr/bin/env bash
# torch_adapter_test.sh ASSAY: PyTorch conforms through the adapter but for its known failures, and its page says what is
# found in the torch that it names.
# Exit code 77: torch is absent, or another version than the list and the page are about.
set -u
assay=$1
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
cd -- "$root" || exit 1

if ! torch=$(tools/adapters/debian-torch/run --version 2>&1 </dev/null); then
  echo "skipped: $torch"
  exit 77
fi
if ! grep -qF "pytorch ${torch#torch }" docs/frameworks/pytorch.md; then
  echo "skipped: docs/frameworks/pytorch.md and known-failures.txt are about another torch than $torch"
  exit 77
fi
exec tools/pages/frameworks --check "$assay"
