#!/usr/bin/env bash
# readme_example_test.sh ASSAY: the C++ example of README.md compiles without a warning against the library that was
# built beside the program, as installed, and prints what README.md says that it prints.
set -eu
build=$(cd -P -- "$(dirname -- "$1")" && pwd)
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT

cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }
block() { awk -v fence="\`\`\`$1" '$0 == "```" { inside = 0 } inside { print } $0 == fence { inside = 1 }' "$root/README.md"; }

block cpp >"$scratch/example.cpp"
block text >"$scratch/expected"
[ -s "$scratch/example.cpp" ] && [ -s "$scratch/expected" ]

cat >"$scratch/CMakeLists.txt" <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(example LANGUAGES CXX)
find_package(assay REQUIRED)
add_executable(example example.cpp)
target_compile_options(example PRIVATE -Wall -Wextra -Wpedantic -Werror)
target_link_libraries(example PRIVATE assay::losses)
EOF
{
  cmake --install "$build" --prefix "$scratch/installed" >/dev/null
  cmake -S "$scratch" -B "$scratch/build" -DCMAKE_PREFIX_PATH="$scratch/installed" \
    -DCMAKE_CXX_COMPILER="$(cached CMAKE_CXX_COMPILER)" -DCMAKE_CXX_FLAGS="$(cached CMAKE_CXX_FLAGS)"
  cmake --build "$scratch/build"
} >"$scratch/log" || { cat "$scratch/log"; exit 1; }
"$scratch/build/example" | diff -u "$scratch/expected" -
