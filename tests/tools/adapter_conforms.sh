#!/usr/bin/env bash
# adapter_conforms.sh NAME ASSAY SOURCE: the framework of tools/adapters/NAME conforms but for its known failures.
# Exit code 77: its environment is not made here, or has another version than the list is about. Nothing is set up.
# In $ASSAY_ADAPTERS stand the names of adapters that may not be skipped, by words.
set -u
name=$1 assay=$2 folder=$3/tools/adapters/$1
list=$folder/known-failures.txt

skipped() {
  echo "skipped: $*"
  case " ${ASSAY_ADAPTERS:-} " in *" $name "*) echo "but ASSAY_ADAPTERS names it" && exit 1 ;; esac
  exit 77
}

version=$("$folder/run" --version 2>&1 </dev/null) || skipped "$version"
about=$(sed -n 's/^# about: //p' "$list")
[ "$version" = "$about" ] || skipped "$list is about '$about', not about '$version'"
# By its program, not by its name, which would set it up.
exec "$assay" verify --known-failures "$list" -- "$folder/run"
