#!/usr/bin/env bash
# readme_example_test.sh COMPILER LIBRARY...: the C++ example of README.md compiles without a warning, links with
# the named libraries, and prints what README.md says that it prints.
set -eu
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT

block() { awk -v fence="\`\`\`$1" '$0 == "```" { inside = 0 } inside { print } $0 == fence { inside = 1 }' "$root/README.md"; }
block cpp >"$scratch/example.cpp"
block text >"$scratch/expected"
[ -s "$scratch/example.cpp" ] && [ -s "$scratch/expected" ]

"$1" -std=c++20 -Wall -Wextra -Wpedantic -Werror -I "$root" "$scratch/example.cpp" "${@:2}" -o "$scratch/example"
"$scratch/example" | diff -u "$scratch/expected" -
