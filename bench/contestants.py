"""The programs that bench/compare measures, each a process of its own on one core; conversation.hpp says how
they are asked."""

import json
import os
import shlex
import shutil
import subprocess

HERE = os.path.dirname(os.path.realpath(__file__))

# One thread each. Freed memory stays in the process, in PyTorch's favour: half of what its large temporaries
# cost would be page faults.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": str(4 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(8 << 30),
}


class Failure(Exception):
    """What went wrong and what to do, in one line."""


class Contestant:
    def __init__(self, name, command, core):
        self.name, self.command = name, command
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **ENVIRONMENT},
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )
        self.facts = self.ask({"do": "introduce"})["texts"]

    def ask(self, request):
        """The answer, or None where the contestant has no such thing."""
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            status = self.process.wait()
            what = f"{shlex.join(self.command)} ended with status {status}"
            raise Failure(f"{what} when asked {json.dumps(request)}")
        answer = json.loads(line)
        if "error" in answer:
            raise Failure(f"{self.name} says of {json.dumps(request)}: {answer['error']}")
        return None if "skipped" in answer else answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def assay(build, core):
    program = os.path.join(build, "bench", "assay_bench_worker")
    if not os.path.exists(program):
        raise Failure(f"{program} is not built; run tools/setup build, or name another --build folder")
    return Contestant("assay", [program], core)


def pytorch(_, core):
    has_torch = "import importlib.util as u, sys; s = u.find_spec('torch'); sys.exit(not (s and s.origin))"
    named = os.environ.get("ASSAY_PYTHON")
    for python in [named] if named else ["python3", "/usr/bin/python3"]:
        # Without the working directory, in which a folder may happen to be called torch.
        probe = [python, "-I", "-c", has_torch]
        if shutil.which(python) and subprocess.run(probe, capture_output=True).returncode == 0:
            return Contestant("PyTorch", [python, os.path.join(HERE, "torch_worker.py")], core)
    where = f"ASSAY_PYTHON={named} has no torch" if named else "no python3 here has torch"
    raise Failure(f"{where}; install python3-torch, or leave it out: --without PyTorch")


def onednn(build, core):
    program = os.path.join(build, "bench", "onednn_bench_worker")
    if not os.path.exists(program):
        raise Failure(
            f"{program} is not built; install libdnnl-dev, configure {build} afresh and build it, or leave it"
            " out: --without oneDNN"
        )
    return Contestant("oneDNN", [program], core)


PEERS = {"PyTorch": pytorch, "oneDNN": onednn}
