#!/usr/bin/env bash
# readme_example_test.sh ASSAY: the C++ example of README.md compiles without a warning against the libraries that
# were built beside the program, and prints what README.md says that it prints.
set -eu
build=$(cd -P -- "$(dirname -- "$1")" && pwd)
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT

cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }
block() { awk -v fence="\`\`\`$1" '$0 == "```" { inside = 0 } inside { print } $0 == fence { inside = 1 }' "$root/README.md"; }

block cpp >"$scratch/example.cpp"
block text >"$scratch/expected"
[ -s "$scratch/example.cpp" ] && [ -s "$scratch/expected" ]

read -ra flags <<<"$(cached CMAKE_CXX_FLAGS)"
"$(cached CMAKE_CXX_COMPILER)" ${flags[@]+"${flags[@]}"} -std=c++20 -Wall -Wextra -Wpedantic -Werror -I "$root" \
  "$scratch/example.cpp" "$build/losses/libassay_losses.a" "$build/losses/libassay_catalogue.a" -o "$scratch/example"
"$scratch/example" | diff -u "$scratch/expected" -
