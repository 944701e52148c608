#!/usr/bin/env bash
# compilers_test.sh SOURCE BITS COMPILER-ID DEFINITIONS: the kernels that BITS was built with and the same compiled
# by the other of g++ and clang++ give the same bits, also the ones that another instruction set gives.
# 77: the other compiler is not here.
set -u
root=$1 built=$2 id=$3
IFS=';' read -ra definitions <<<"$4"
case $id in
  GNU) other=${CLANGXX:-clang++} ;;
  *) other=g++ ;;
esac
if ! command -v "$other" >/dev/null; then
  echo "skipped: there is no $other here to compare with"
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT

cd -- "$root" || exit 1
compile=("$other")
command -v ccache >/dev/null && compile=(ccache "$other")
for file in tests/losses/lanes/bits losses/kernels/{huber,log_cosh,binary_cross_entropy_with_logits} \
  losses/numbers/quad losses/shapes/{element_wise/element_wise_sum,parallel}; do
  "${compile[@]}" -std=c++20 -O2 -ffp-contract=off -w -pthread "${definitions[@]/#/-D}" \
    -DHWY_TARGET_INCLUDE="\"$file.cpp\"" -I. -c "$file.cpp" -o "$scratch/${file##*/}.o" || exit 1
done
"$other" -pthread "$scratch"/*.o -lhwy -o "$scratch/other" || exit 1
"$built" >"$scratch/built.txt" || exit 1
"$scratch/other" >"$scratch/other.txt" || exit 1
lines=$(wc -l <"$scratch/built.txt")
if [ "$lines" -lt 100 ]; then
  echo "only $lines lines to compare"
  exit 1
fi
cmp "$scratch/built.txt" "$scratch/other.txt" && exit 0
echo "$id (<) and $other (>) differ:"
diff "$scratch/built.txt" "$scratch/other.txt" | cut -c1-300 | head -n 20
exit 1
