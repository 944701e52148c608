# Where an adapter's environment lies, and how one is made: sourced by the `setup` and `run` of adapters, in POSIX sh.
#
#   here=$(dirname -- "$(readlink -f -- "$0")")
#   . "$here/../kit/place.sh"
#
# gives `place`, the folder of this adapter's environment, and the functions below. Environments lie under the build folder
# ($ASSAY_BUILD, or build/ of the source tree), those of an installed suite under the user's cache; they are nobody
# else's, and may be deleted at any time.

adapter=$(basename -- "$here")

# place_of ADAPTER: the folder of that adapter's environment.
place_of() {
  if [ -n "${ASSAY_BUILD:-}" ]; then
    place_root=$ASSAY_BUILD
  elif [ -e "$here/../../../CMakeLists.txt" ]; then
    place_root=$(CDPATH= cd -P -- "$here/../../.." && pwd)/build
  else
    place_root=${XDG_CACHE_HOME:-$HOME/.cache}/assay
  fi
  printf '%s\n' "$place_root/adapters/$1"
}
place=$(place_of "$adapter")

say() { printf '%s adapter: %s\n' "$adapter" "$*" >&2; }

fail() {
  say "$@"
  exit 1
}

# stamp_of FILE...: what an environment that is made from these files is stamped with.
stamp_of() { cat -- "$@" | sha256sum; }

# is_stamped STAMP; is_made_from FILE...: whether the environment stands, and was made from what that is the stamp of.
is_stamped() { [ -e "$place/stamp" ] && [ "$(cat -- "$place/stamp")" = "$1" ]; }
is_made_from() { is_stamped "$(stamp_of "$@")"; }

# make_place FUNCTION FILE...: unless the environment was made from these FILEs already, calls FUNCTION, which fills
# the empty folder $place and returns non-zero, having said why, where it cannot. One process does so at a time, the
# others wait. The stamp comes last: without it the folder counts as absent, and is made anew.
make_place() {
  place_function=$1
  shift
  # Taken before anything is made: a file that is edited meanwhile is not taken for what was made.
  place_stamp=$(stamp_of "$@")
  is_stamped "$place_stamp" && return
  mkdir -p -- "$place" || fail "cannot make $place"
  exec 9>"$place.lock" && flock 9 || fail "cannot lock $place.lock"
  if ! is_stamped "$place_stamp"; then
    rm -rf -- "$place" && mkdir -- "$place" || fail "cannot empty $place"
    "$place_function" || { rm -rf -- "$place"; exit 1; }
    printf '%s\n' "$place_stamp" >"$place/stamp" || fail "cannot write $place/stamp"
  fi
  exec 9>&-
}

# step LOG WORD...: runs the command WORD... with its output in a log; where it fails, the log's end is shown.
step() {
  place_log=$1
  shift
  "$@" >"$place_log" 2>&1 </dev/null 9>&- && return
  tail -n 15 -- "$place_log" >&2
  say "'$*' failed; what it said last stands above"
  return 1
}

# make_venv REQUIREMENTS [PIP-ARGUMENT...]: a virtual environment with the packages of a requirements file, all pinned.
# $ASSAY_PYTHON names the interpreter that it is of, else python3 is.
make_venv() {
  venv_requirements=$1
  shift
  venv_arguments=$*
  make_place fill_venv "$venv_requirements"
}

fill_venv() {
  say "making a virtual environment in $place"
  step "$place/venv.log" "${ASSAY_PYTHON:-python3}" -m venv "$place" || {
    say "Debian's python3-venv brings what it needs, and ASSAY_PYTHON names another interpreter"
    return 1
  }
  say "installing the packages of $venv_requirements"
  # The words of venv_arguments are options, so that splitting them is what is wanted.
  # shellcheck disable=SC2086
  step "$place/pip.log" "$place/bin/python" -m pip --disable-pip-version-check --no-input install \
    $venv_arguments -r "$venv_requirements"
}

# become PYTHON-FILE ARG...: the testee, from now on: the environment's interpreter on this file, with the kit on its path
# and nothing of the user's.
become() {
  [ -e "$place/stamp" ] || fail "not set up; run tools/adapters/$adapter/setup"
  PYTHONPATH=$(CDPATH= cd -P -- "$here/../kit/python" && pwd)
  export PYTHONPATH
  exec "$place/bin/python" -B "$@"
}
