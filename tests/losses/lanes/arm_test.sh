#!/usr/bin/env bash
# arm_test.sh SOURCE BITS HIGHWAY DEFINITIONS: the kernels compile for Arm, and where a program for it can be linked
# and run here, NEON gives the bits that BITS gives on this machine. HIGHWAY is the folder with hwy/highway.h.
# Debian: g++-aarch64-linux-gnu, qemu-user-static, libhwy-dev:arm64 (another architecture: dpkg --add-architecture).
# 77: there is no compiler for Arm here.
set -u
root=$1 built=$2 highway=$3
IFS=';' read -ra definitions <<<"$4"
for compiler in ${ARM_CXX-} aarch64-linux-gnu-g++ aarch64-linux-gnu-g++-12; do
  command -v "$compiler" >/dev/null && break
  compiler=
done
if [ -z "${compiler:-}" ]; then
  echo "skipped: there is no aarch64-linux-gnu-g++ here; ARM_CXX may name another"
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
mkdir "$scratch/include"
ln -s -- "$highway/hwy" "$scratch/include/hwy" # not what else is in /usr/include, which is this machine's

cd -- "$root" || exit 1
compile() { # SOURCE TO
  "$compiler" -march=armv8-a+crypto -std=c++20 -O2 -ffp-contract=off -w -pthread "${definitions[@]/#/-D}" \
    -DHWY_TARGET_INCLUDE="\"$1.cpp\"" -I. -Iinclude -isystem "$scratch/include" -c "$1.cpp" -o "$2" || exit 1
}
for file in tests/losses/lanes/bits losses/kernels/{huber,log_cosh,binary_cross_entropy_with_logits} \
  losses/numbers/quad losses/shapes/{element_wise/element_wise_sum,parallel}; do
  compile "$file" "$scratch/${file##*/}.o"
done
# These need more than BITS does.
for file in losses/kernels/{sparse_categorical_cross_entropy_with_logits,info_nce,triplet_margin,cosine_embedding,dice}; do
  compile "$file" "$scratch/unused"
done
if ! "$compiler" -pthread "$scratch"/*.o ${ARM_LIBHWY:--lhwy} -o "$scratch/arm" 2>"$scratch/why"; then
  echo "compiled, not run: Highway's library for Arm is not here; ARM_LIBHWY may name it"
  exit 0
fi
emulator=$(command -v qemu-aarch64-static || command -v qemu-aarch64) || {
  echo "compiled, not run: there is no qemu-aarch64 here"
  exit 0
}
libraries=${ARM_LIBHWY:+$(dirname -- "$ARM_LIBHWY")}
"$built" >"$scratch/here.txt" || exit 1
"$emulator" -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH="${libraries:-/usr/lib/aarch64-linux-gnu}" "$scratch/arm" \
  >"$scratch/arm.txt" || exit 1
cmp "$scratch/here.txt" "$scratch/arm.txt" && echo "the same $(wc -l <"$scratch/arm.txt") lines" && exit 0
echo "this machine (<) and Arm (>) differ:"
diff "$scratch/here.txt" "$scratch/arm.txt" | cut -c1-300 | head -n 20
exit 1
