#!/usr/bin/env bash
# install_test.sh ASSAY SOURCE: what stands in losses/README.md about installing is true, and the installed program
# finds its golden files. The commands there are run as they stand, but that the library was built already.
set -eu
build=$(cd -P -- "$(dirname -- "$1")" && pwd)
root=$2
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
page=$root/losses/README.md

cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }
first() { awk -v fence="\`\`\`$1" '$0 == "```" { if (inside) exit } inside { print } $0 == fence { inside = 1 }' "$page"; }

export CXX CXXFLAGS HOME=$scratch
CXX=$(cached CMAKE_CXX_COMPILER)
CXXFLAGS=$(cached CMAKE_CXX_FLAGS)
cd -- "$scratch"
ln -s -- "$root" assay
first sh >install.sh
[ "$(grep -c '^cmake' install.sh)" = 3 ]
cmake() {
  case $1 in
    --build) ;;
    --install) command cmake --install "$build" "${@:3}" ;;
    *) command cmake "$@" ;;
  esac
}
# shellcheck source=/dev/null
. ./install.sh >install.log || { cat install.log; exit 1; }
if grep -E '^(nlohmann_json|CLI11|fmt|GTest)_DIR' build-losses/CMakeCache.txt; then
  echo "-DASSAY_TOOLS=OFF looks for what only the tools need"
  exit 1
fi

mkdir mine
first cmake >mine/CMakeLists.txt
first cpp >mine/main.cpp
[ -s mine/CMakeLists.txt ] && [ -s mine/main.cpp ]
command cmake -S mine -B mine/build -DCMAKE_PREFIX_PATH="$HOME/.local" >mine.log
command cmake --build mine/build >>mine.log || { cat mine.log; exit 1; }
mine/build/main

"$HOME/.local/bin/assay" verify --loss mse
