# Environments of packages that stand on PyTorch: sourced after kit/place.sh by their `setup` and `run`, in POSIX sh. Such
# an environment holds the package and what it needs, and sees torch's by a .pth file, so that the gigabytes of torch
# are there once. Where ASSAY_PYTHON is set, that interpreter has all of it, and nothing is made.

# make_venv_over_torch: an environment from requirements.txt, without the dependencies that torch's has.
make_venv_over_torch() {
  [ -z "${ASSAY_PYTHON:-}" ] || return 0
  "$here/../torch/setup" || exit
  make_place fill_venv_over_torch "$here/requirements.txt" "$here/../torch/requirements.txt"
}

fill_venv_over_torch() {
  venv_requirements=$here/requirements.txt
  venv_arguments=--no-deps
  fill_venv || return 1
  packages='import sysconfig; print(sysconfig.get_path("purelib"))'
  "$(place_of torch)/bin/python" -c "$packages" >"$("$place/bin/python" -c "$packages")/torch.pth"
}

# become_over_torch MODULE PYTHON-FILE ARG...: the testee, over that module of Python, with the kit and torch's tensors.py on
# its path.
become_over_torch() {
  if [ -n "${ASSAY_PYTHON:-}" ]; then
    over_python=$ASSAY_PYTHON
    # Without the working directory, in which a folder may happen to be called so.
    "$over_python" -c '
import importlib.util, sys
sys.path = [each for each in sys.path if each]
found = importlib.util.find_spec(sys.argv[1])
sys.exit(not (found and found.origin))' "$1" >/dev/null 2>&1 </dev/null ||
      fail "ASSAY_PYTHON=$ASSAY_PYTHON has no $1; name another interpreter, or unset it"
  else
    over_python=$place/bin/python
    [ -e "$place/stamp" ] || fail "not set up; run tools/adapters/$adapter/setup"
  fi
  shift
  PYTHONPATH=$(CDPATH= cd -P -- "$here/../kit/python" && pwd):$(CDPATH= cd -P -- "$here/../torch" && pwd)
  export PYTHONPATH
  exec "$over_python" -B "$@"
}
