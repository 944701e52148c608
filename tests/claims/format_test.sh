#!/usr/bin/env bash
# format_test.sh SOURCE: every C++ file is as clang-format 14 writes it by .clang-format; other versions break lines
# elsewhere. 77: there is none here (Debian 12: clang-format).
set -u
cd -- "$1" || exit 1
for formatter in clang-format-14 clang-format; do
  [[ $("$formatter" --version 2>/dev/null) == *"version 14."* ]] && break
  formatter=
done
if [ -z "$formatter" ]; then
  echo "skipped: there is no clang-format 14 here (Debian 12: clang-format)"
  exit 77
fi
mapfile -t files < <(find bench include losses reference tests tools -name '*.[ch]pp')
if [ ${#files[@]} -lt 400 ]; then
  echo "only ${#files[@]} files to look at"
  exit 1
fi
"$formatter" --dry-run --Werror "${files[@]}" && exit 0
echo "as it should be: $formatter -i on the files above"
exit 1
