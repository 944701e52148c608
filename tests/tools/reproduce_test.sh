#!/usr/bin/env bash
# reproduce_test.sh ASSAY: a command that a report tells people to type does what it says, pasted into a shell where they
# stand: another folder than the source tree's, words with blanks and quotes, a relative program, testee and golden
# folder. It begins as the program was called.
set -u
assay=$(realpath -- "$1")
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d) || exit 1
trap 'rm -rf -- "$scratch"' EXIT
fail() {
  echo "$*" >&2
  exit 1
}

mkdir -p "$scratch/some where/it's here" "$scratch/some where/golden files" && cd -- "$scratch/some where" || exit 1
cp -- "$root"/golden/v1/mae.f*.json 'golden files/'
# Whatever is asked, 7.25; and it does not say what the suite was called as.
cat >"it's here/testee" <<'END'
#!/bin/sh
[ -z "${ASSAY_CALLED_AS-}" ] && [ "$1" = 'a b' ] || exit 1
while IFS= read -r line; do
  id=$(printf %s "$line" | sed 's/.*"id": *"\([^"]*\)".*/\1/')
  case "$line" in
  *'"bye"'*) exit 0 ;;
  *'"echo"'*) printf '%s\n' "$line" ;;
  *'"id"'*) printf '{"id":"%s","value":{"shape":[],"data":[7.25]}}\n' "$id" ;;
  *) echo '{"assay":1,"implementation":{"name":"sh","version":"1","language":"sh"},"encoding":"data",
"losses":{"mae":{"dtypes":["f32"],"reductions":["mean","sum"],"gradient":false,"conventions":[]}}}' | tr -d '\n'; echo ;;
  esac
done
END
chmod +x "it's here/testee"
ln -s -- "$assay" "my assay"

verify=(verify --golden 'golden files' --loss mae --dtype f32 --regime everyday -- "./it's here/testee" 'a b')
# The first command that verify tells.
told() {
  grep -o -m 1 "\('./my assay'\|tools/assay\) explain mae/f32/.*"
}

line=$("./my assay" "${verify[@]}" 2>err | told)
[ -n "$line" ] || fail "no command is told: $(cat err)"
case $line in
"'./my assay' explain mae/f32/"*) ;;
*) fail "the program was not called so: $line" ;;
esac
sh -c "$line" >out 2>err
[ $? -eq 1 ] || fail "pasted, it does not fail as it did: $line: $(cat out err)"
id=$(grep -o -m 1 'mae/f32/[0-9a-f]\{12\}' <<<"$line")
grep -q "^$id" out || fail "it is about another case: $line: $(cat out)"

# Behind a wrapper it is the wrapper that people type.
mkdir tools
printf '#!/bin/sh\nASSAY_CALLED_AS=$0 exec %q "$@"\n' "$assay" >tools/assay
chmod +x tools/assay
line=$(tools/assay "${verify[@]}" 2>err | told)
case $line in
"tools/assay explain mae/f32/"*) ;;
*) fail "the wrapper was not called so: $line: $(cat err)" ;;
esac
sh -c "$line" >out 2>err
[ $? -eq 1 ] || fail "pasted, it does not fail as it did: $line: $(cat out err)"

# An audit tells the case itself.
tools/assay audit --loss mae --dtype f32 --budget 40cases -- "./it's here/testee" 'a b' >out 2>err
line=$(grep -m 1 -o "printf %s .* | tools/assay explain - .*" out)
[ -n "$line" ] || fail "an audit tells no command: $(cat out err)"
sh -c "$line" >out 2>err
[ $? -eq 1 ] || fail "pasted, it does not fail as it did: $line: $(cat out err)"
grep -q '^wrong: ' out || fail "it is not wrong: $(cat out)"

# And tools/assay of the source tree passes on how it was called.
grep -q 'ASSAY_CALLED_AS=' "$root/tools/assay" || fail "tools/assay does not say what it was called as"
