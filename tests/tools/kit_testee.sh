# Sourced by the tests of the kits: holds what a testee answers against what is due. The test sets `testee`, the command's
# words, and exits with `bad`; the testee's standard error goes to `noise`, where that names a file.
bad=0
wrong() {
  echo "$*"
  bad=1
}
expect() { # REQUEST ANSWER: the only line that it answers
  local said
  said=$(printf '%s\n{"bye": true}\n' "$1" | "${testee[@]}" 2>"${noise:-/dev/null}")
  [ "$?" = 0 ] || wrong "the exit code after $1"
  [ "$said" = "$2" ] || wrong "asked $1: $said, not $2"
}
