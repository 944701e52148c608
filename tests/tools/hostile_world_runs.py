"""hostile_world_runs.py ASSAY SOURCE: the runs of hostile_world_test.sh."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ASSAY, SOURCE = sys.argv[1:]
TESTEE = str(Path(__file__).with_name("hostile_world.py"))
MIB = 1 << 10  # of ru_maxrss's KiB
# What AddressSanitizer keeps of freed memory would count, too.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": f"{os.environ.get('ASAN_OPTIONS', '')}:quarantine_size_mb=16".lstrip(":")}

# What each comes to: the exit code, what the reasons of failed cases and the findings are named by, and the seconds it is
# waited for: few only where time has to run out. A run without a handshake has no report: its one line says why.
PATIENT = 60
RUNS = {
    "good": (0, [], PATIENT),
    "out-of-order": (0, [], PATIENT),
    "byte-by-byte": (0, [], PATIENT),
    "noise": (0, [], PATIENT),
    "noise-at-start": (0, [], PATIENT),
    "noise-at-end": (0, [], PATIENT),
    "huge-garbage": (1, ["protocol/garbage"], PATIENT),
    "twice": (1, ["protocol/repeated-id"], PATIENT),
    "nan-answers": (1, [], PATIENT),
    "nan-text": (1, ["protocol/garbage"], 2),
    "invalid-utf8": (1, ["protocol/garbage"], PATIENT),
    "invalid-utf8-in-answer": (1, ["protocol/garbage"], 2),
    "huge-line": (1, ["protocol/long-line"], PATIENT),
    "crash-in-the-middle": (1, ["protocol/crash"], PATIENT),
    "exit-0-in-the-middle": (1, ["protocol/crash"], PATIENT),
    "hang-in-the-middle": (1, ["protocol/timeout"], 2),
    "crash-at-end": (1, ["protocol/exit"], PATIENT),
    "hang-at-end": (1, ["protocol/exit"], 2),
    "forks": (1, ["protocol/crash"], PATIENT),
    "crash-at-start": (3, ["signal 6"], PATIENT),
    "exit-0-at-start": (3, ["status 0"], PATIENT),
}


def run(behaviour, patience):
    """Of one `assay verify`: its exit code, peak memory in KiB, report or None, standard error, the testee's processes."""
    with tempfile.TemporaryDirectory() as folder:
        report, pids, said = (Path(folder, name) for name in ("r.json", "pids", "said"))
        pids.touch()
        with open(said, "wb") as errors:
            process = subprocess.Popen(
                [ASSAY, "verify", "--golden", f"{SOURCE}/golden/v1", "--loss", "mse", "--dtype", "f64", "--timeout",
                 str(patience), "--report", str(report), "--", sys.executable, "-B", TESTEE, behaviour, str(pids)],
                stdout=subprocess.DEVNULL, stderr=errors, env=ENVIRONMENT)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        read = json.loads(report.read_bytes()) if report.exists() else None
        return (process.returncode, usage.ru_maxrss, read, said.read_text(errors="replace"),
                [int(each) for each in pids.read_text().split()])


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def left(pids):
    """Those that still run a while after the end of the run."""
    for _ in range(200):
        pids = [pid for pid in pids if alive(pid)]
        if not pids:
            break
        time.sleep(.01)
    return pids


def complaints(behaviour, wanted, result, golden, least_memory):
    code, memory, report, said, pids = result
    if code != wanted[0]:
        yield f"exit code {code}, not {wanted[0]}; it said {said[-500:]!r}"
    if not pids:
        yield "the testee was never started"
    if running := left(pids):
        yield f"processes {running} are left"
    # A line of 64 MiB, in a buffer that grows by doubling, and what is kept of a few others.
    if memory > least_memory + 300 * MIB:
        yield f"{memory // MIB} MiB at its peak, {least_memory // MIB} MiB with a good testee"
    if wanted[0] == 3:
        if report is not None or wanted[1][0] not in said:
            yield f"no word of {wanted[1][0]!r} in {said[-500:]!r}"
        return
    if report is None:
        yield "no report"
        return
    ids = [case["id"] for case in report["cases"]]
    if sorted(ids) != golden:
        yield f"{len(ids)} cases in the report, {len(golden)} in the golden file"
    named = {each["id"] for each in report["findings"]} | {case["finding"] for case in report["cases"] if "finding" in case}
    if missing := set(wanted[1]) - named:
        yield f"no {missing} among {named}"
    statuses = {case["status"] for case in report["cases"]}
    if unknown := statuses - {"conforming", "failed", "unchecked domain"}:
        yield f"cases that are {unknown}"
    if "conforming" not in statuses and behaviour != "nan-answers":
        yield f"no case conforms, they are {statuses}"
    if wanted[0] == 0 and (named or "failed" in statuses):
        yield f"it is at fault: {named}, {statuses}"


def main():
    golden = sorted(case["id"] for case in json.loads(Path(SOURCE, "golden/v1/mse.f64.json").read_bytes())["cases"])
    least_memory, failures = None, 0
    for behaviour, wanted in RUNS.items():
        start = time.monotonic()
        result = run(behaviour, wanted[2])
        least_memory = least_memory or result[1]
        for each in complaints(behaviour, wanted, result, golden, least_memory):
            failures += 1
            print(f"{behaviour}: {each}")
        print(f"{behaviour}: {time.monotonic() - start:.1f} s, {result[1] // MIB} MiB")
    sys.exit(failures > 0)


main()
