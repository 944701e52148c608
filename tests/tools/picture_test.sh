#!/usr/bin/env bash
# picture_test.sh ASSAY SOURCE: README.md's picture is what `verify naive` prints now; one that is not is found, in one line
# that says what to run, and it is a picture.
set -eu
assay=$(readlink -f -- "$1")
root=$2
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT

"$root/tools/pages/picture" --check "$assay"
python3 -B -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$root/docs/images/verify-naive.svg"

# A program that prints something else, what XML has a meaning for included.
mkdir -p "$scratch/tools" "$scratch/docs/images"
cp -R -- "$root/tools/pages" "$scratch/tools"
cp -- "$root/docs/images/verify-naive.svg" "$scratch/docs/images"
cat >"$scratch/other" <<'END'
#!/bin/sh
[ "$*" = 'verify naive' ] && [ "$ASSAY_CALLED_AS" = tools/assay ] || exit 7
printf 'everyday\n\n  a <b> & "c"\n\nnaive 1: '
printf 'many cases, %.0s' 1 2 3 4 5 6 7 8 9 10 11 12
exit 1
END
chmod +x "$scratch/other"
status=0
"$scratch/tools/pages/picture" --check "$scratch/other" 2>"$scratch/said" || status=$?
[ "$status" = 1 ]
[ "$(<"$scratch/said")" = "pages: docs/images/verify-naive.svg is not current; run tools/pages/picture" ] || {
  cat "$scratch/said"
  exit 1
}
"$scratch/tools/pages/picture" "$scratch/other"
"$scratch/tools/pages/picture" --check "$scratch/other"
python3 -B - "$scratch/docs/images/verify-naive.svg" <<'END'
import sys
import xml.dom.minidom

picture = xml.dom.minidom.parse(sys.argv[1]).documentElement
texts = picture.getElementsByTagName("text")
said = [each.firstChild.data for each in texts]
assert said[:3] == ["$ tools/assay verify naive", "everyday", 'a <b> & "c"'], said
assert len(said) == 5 and said[3].startswith("naive 1: many cases,"), said  # folded
width = float(picture.getAttribute("width"))
for each in texts:
    assert float(each.getAttribute("x")) + float(each.getAttribute("textLength")) < width, each.toxml()
END

# What fails otherwise is no picture.
status=0
"$scratch/tools/pages/picture" false 2>"$scratch/said" || status=$?
[ "$status" = 1 ] && grep -q "^pages: 'false verify naive' ended with 1, and printed nothing" "$scratch/said" || {
  cat "$scratch/said"
  exit 1
}
