# How an adapter in C++ is compiled: sourced, after place.sh, by its `setup` and `run`, in POSIX sh. It is one source file,
# adapter.cpp, over assay_testee.hpp.

kit_cpp=$(CDPATH= cd -P -- "$here/../kit/cpp" && pwd)

# What the program is made from, besides the framework.
program_files() {
  printf '%s\n' "$here/adapter.cpp" "$here/setup" "$kit_cpp/assay_testee.hpp" "$kit_cpp/program.sh"
}

# need PACKAGE HEADER: Debian's package, unless the compiler finds the header already. It is installed as the suite's own
# packages are: as root or with sudo -n; else the line to run is said.
need() {
  compiles "$2" && return
  if [ -x "$here/../../setup" ]; then
    "$here/../../setup" install "$1" || exit 2
    compiles "$2" && return
  fi
  say "the C++ compiler finds no <$2>; 'apt-get install $1' brings it"
  exit 2
}

compiles() { echo "#include <$1>" | ${CXX:-c++} -std=c++17 -fsyntax-only -x c++ - >/dev/null 2>&1; }

# program_stands [FILE...]: whether it does, made from its files and these; then `setup` has nothing to do.
program_stands() {
  # shellcheck disable=SC2046
  is_made_from $(program_files) "$@"
}

# make_program FLAG...: compiles the adapter with these flags.
make_program() {
  program_flags=$*
  # shellcheck disable=SC2046
  make_place compile_program $(program_files)
}

compile_program() {
  say "compiling $here/adapter.cpp"
  # The words of program_flags are options, so that splitting them is what is wanted.
  # shellcheck disable=SC2086
  step "$place/compile.log" ${CXX:-c++} -std=c++17 -O1 -I "$kit_cpp" -o "$place/adapter" "$here/adapter.cpp" $program_flags
}

# become_program ARG...: the testee, from now on.
become_program() {
  [ -e "$place/stamp" ] || fail "not set up; run tools/adapters/$adapter/setup"
  exec "$place/adapter" "$@"
}
