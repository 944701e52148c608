#!/usr/bin/env bash
# polynomials_test.sh SOURCE: losses/lanes/polynomials.hpp is what its script writes. 77: there is no mpmath here.
set -u
cd -- "$1/losses/lanes" || exit 1
for python in "${ASSAY_PYTHON:-}" python3 /usr/bin/python3; do
  [ -n "$python" ] && "$python" -c 'import mpmath' 2>/dev/null || continue
  "$python" polynomials.py | diff - polynomials.hpp && exit 0
  echo "polynomials.hpp differs from what polynomials.py writes (<) with $("$python" -c 'import mpmath; print("mpmath", mpmath.__version__)')"
  exit 1
done
echo "skipped: no python3 here has mpmath (Debian: python3-mpmath)"
exit 77
