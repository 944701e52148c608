#!/usr/bin/env bash
# adapters_test.sh ASSAY SOURCE: each adapter's folder is whole, and its list of failures is about the version that its
# pins bring. Nothing is set up: what an adapter says that is not is one line.
set -u
cd -- "$2/tools/adapters" || exit 1
bad=0
wrong() {
  echo "tools/adapters/$*"
  bad=1
}

# Whether VERSION is among the pins of NAME, if it has any.
pinned() {
  local name=$1 version=$2 pins found=0
  for pins in "$name"/requirements.txt "$name"/package.json "$name"/Cargo.toml; do
    [ -e "$pins" ] || continue
    found=1
    grep -qF -- "$version" "$pins" && return
  done
  [ $found = 0 ]
}

for folder in */; do
  name=${folder%/}
  [ "$name" != kit ] || continue
  [ -x "$name/run" ] || wrong "$name/run is no program"
  [ -e "$name/README.md" ] || wrong "$name has no README.md"
  ! [ -e "$name/setup" ] || [ -x "$name/setup" ] || wrong "$name/setup is no program"
  for script in "$name/run" "$name/setup"; do
    ! [ -e "$script" ] || sed -n 2p "$script" | grep -q '^# ' || wrong "$script does not begin with what it is"
  done
  # An environment elsewhere, which is not there: a program that needs one says so, and how to get it. (What needs
  # none, or was told an interpreter, answers.)
  if said=$(ASSAY_BUILD=/nonexistent "$name/run" --version 2>&1 </dev/null); then
    [[ $said != *$'\n'* && $said == *\ * ]] || wrong "$name/run --version says '$said', not a name and a version"
  else
    [[ -n $said && $said != *$'\n'* ]] || wrong "$name/run is not set up, and does not say so in one line: '$said'"
  fi
  [ -e "$name/known-failures.txt" ] || continue
  about=$(sed -n 's/^# about: //p' "$name/known-failures.txt")
  [[ $about == *\ * ]] || wrong "$name/known-failures.txt: no line '# about: ' with what run --version prints"
  pinned "$name" "${about##* }" || wrong "$name/known-failures.txt is about '$about', which is not the version that is pinned"
done
while read -r name _; do
  [ -z "$name" ] || [ "${name#\#}" != "$name" ] || [ -x "$name/run" ] || wrong "$name is in .ci/adapters, and is none"
done <"$2/.ci/adapters"
exit $bad
