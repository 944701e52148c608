#!/bin/sh
# hostile_world_test.sh ASSAY SOURCE: whatever a testee does (tests/tools/hostile_world.py), `assay verify` ends with a
# report of every case, the right exit code, memory within bounds, and no process of the testee's left behind.
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
exec python3 -B "$2/tests/tools/hostile_world_runs.py" "$1" "$2"
