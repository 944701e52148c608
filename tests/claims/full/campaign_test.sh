#!/usr/bin/env bash
# campaign_test.sh ASSAY SOURCE parallel|slurm|kubernetes: the campaign of docs/campaigns.md, its lines taken from that
# page, with fewer cases and losses. One shard is killed in the middle and begun again; the merged report is that of a
# campaign that was never split. Exit code 77: the scheduler is not here, and why.
#
# Slurm is a real one: munged, slurmctld and slurmd on loopback, in a folder of their own. Of Kubernetes the manifest is
# read, and each pod's command run as the cluster would run it.
set -eu
assay=$1 source=$2 scheduler=$3
page=$source/docs/campaigns.md
skip() {
  echo "skipped: $1"
  exit 77
}
command -v pgrep >/dev/null || skip "there is no pgrep; 'apt-get install procps' brings it"
case $scheduler in
  parallel) command -v parallel >/dev/null && parallel --version 2>/dev/null | grep -q '^GNU parallel' ||
    skip "there is no GNU parallel; 'apt-get install parallel' brings it" ;;
  slurm)
    for each in sbatch scontrol slurmctld slurmd munged; do
      command -v "$each" >/dev/null || PATH=$PATH:/usr/sbin
      command -v "$each" >/dev/null || skip "there is no $each; 'apt-get install slurm-wlm munge' brings it"
    done
    [ "$(id -u)" = 0 ] || skip "slurmd starts jobs only as root"
    ;;
  kubernetes)
    python=
    for each in python3 /usr/bin/python3; do
      if "$each" -c 'import yaml' 2>/dev/null; then python=$each && break; fi
    done
    [ -n "$python" ] || skip "no python3 here reads YAML; 'apt-get install python3-yaml' brings what does"
    ;;
esac

scratch=$(cd -- "$(mktemp -d)" && pwd -P)
started=()
clean_up() {
  cd /
  [ ${#started[@]} = 0 ] || kill "${started[@]}" 2>/dev/null || true
  # What these started in turn works in this folder too.
  for each in /proc/[0-9]*; do
    if [ "$(readlink "$each/cwd")" = "$scratch" ]; then kill -KILL "${each#/proc/}" || true; fi
  done 2>/dev/null
  for each in ${started[@]+"${started[@]}"}; do wait "$each" 2>/dev/null || true; done
  rm -rf -- "$scratch"
}
trap clean_up EXIT
trap 'exit 1' INT TERM
cd -- "$scratch"
fail() {
  echo "campaign_test: $1"
  exit 1
}
# Waits until the command succeeds, half a minute at most.
wait_until() {
  for _ in $(seq 600); do
    if "$@" 2>/dev/null; then return 0; fi
    sleep .05
  done
  fail "waited in vain for: $*"
}

mkdir bin parts
ln -s -- "$assay" bin/assay
export PATH=$scratch/bin:$PATH
small="--budget 30000cases --seed 7 --loss huber --loss mse --loss log_sum_exp"
# The block of that language below the heading, with a smaller campaign in it.
block() {
  awk -v heading="## $1" -v fence="\`\`\`$2" '
    /^## / { below = $0 == heading }
    inside && $0 == "```" { exit }
    inside { print }
    below && $0 == fence { inside = 1 }' "$page" |
    sed -e "s/--budget 1000000cases --seed 7/$small/" -e "s/ -- assay serve --engine kernels//" >"$3"
  grep -q -- "$small" "$3" || fail "docs/campaigns.md has other lines under $1 than this test knows"
}
lines() { if [ -f "$1" ]; then wc -l <"$1"; else echo 0; fi; }
# The process that does the shard with this journal; it is ours where it works here.
find_worker() {
  for each in $(pgrep -f -- "^assay audit .*--resume $1 "); do
    if [ "$(readlink "/proc/$each/cwd")" = "$scratch" ]; then worker=$each && return; fi
  done
  return 1
}
# Ends the shard, past its beginning and before its end, by a signal. It is looked for first: that takes longest.
begun() { [ "$(lines "parts/$1.journal")" -ge 3 ]; }
stop_in_the_middle() {
  wait_until find_worker "parts/$1.journal"
  wait_until begun "$1"
  kill "-$2" "$worker" || fail "shard $1 was over before it could be stopped"
  cp -- "parts/$1.journal" before
}
# What the killed shard had done was not done again: its journal goes on, but for a line that was cut off.
went_on() {
  [ "$(lines "parts/$1.journal")" -gt "$(lines before)" ] || fail "shard $1 did not go on"
  head -n "$(lines before)" "parts/$1.journal" | cmp - <(head -n "$(lines before)" before) || fail "shard $1 began anew"
}

case $scheduler in
  parallel)
    block "GNU parallel" sh campaign.sh
    bash campaign.sh 2>said &
    started+=($!)
    stop_in_the_middle 2 KILL
    if wait "$!"; then fail "nobody noticed that a shard was killed"; fi
    started=()
    [ ! -e parts/2.json ] || fail "shard 2 was over before it could be stopped"
    if assay merge parts/*.json 2>said; then fail "a part is missing, and the merge did not say so"; fi
    grep -q 'shard 2/8 is missing' said || fail "the merge says: $(<said)"
    cp -- parts/3.journal third
    bash campaign.sh 2>said || fail "$(<said)"
    cmp third parts/3.journal || fail "what was complete was done again"
    went_on 2
    ;;
  slurm)
    host=$(hostname -s)
    chmod 755 "$scratch"
    mkdir -m 700 munge state spool cgroup
    (umask 077 && head -c 1024 /dev/urandom >munge/key)
    read -r port next < <(python3 -c '
import socket
two = [socket.socket(), socket.socket()]
for each in two: each.bind(("127.0.0.1", 0))
print(*(each.getsockname()[1] for each in two))')
    cat >slurm.conf <<CONF
ClusterName=assay
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$next
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$scratch/munge/socket
CredType=cred/munge
StateSaveLocation=$scratch/state
SlurmdSpoolDir=$scratch/spool
SlurmctldPidFile=$scratch/slurmctld.pid
SlurmdPidFile=$scratch/slurmd.pid
SlurmctldLogFile=$scratch/slurmctld.log
SlurmdLogFile=$scratch/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,bf_interval=1
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
    printf 'CgroupPlugin=cgroup/v1\nCgroupMountpoint=%s\n' "$scratch/cgroup" >cgroup.conf
    export SLURM_CONF=$scratch/slurm.conf
    munged --foreground --force --socket=munge/socket --key-file=munge/key --pid-file=munge/pid --seed-file=munge/seed \
      --log-file=munge/log >munged.out 2>&1 &
    started+=($!)
    wait_until [ -S munge/socket ]
    slurmctld -D >slurmctld.out 2>&1 &
    started+=($!)
    slurmd -D >slurmd.out 2>&1 &
    started+=($!)
    idle() { [ "$(sinfo -h -o %T)" = idle ]; }
    wait_until idle || { tail -n 5 ./*.out ./*.log; exit 1; }

    block Slurm sh campaign.sbatch
    job=$(sbatch --parsable campaign.sbatch)
    stop_in_the_middle 2 KILL
    [ ! -e parts/2.json ] || fail "shard 2 was over before it could be stopped"
    failed() { scontrol show job "${job}_2" | grep -q 'JobState=FAILED'; }
    wait_until failed
    scontrol requeue "${job}_2"
    # Slurm lets two minutes go by before it starts again what it has put back.
    scontrol update "JobId=${job}_2" StartTime=now
    over() { [ -z "$(squeue -h)" ]; }
    for _ in 1 2 3 4 5 6; do if over; then break; fi; (wait_until over) >/dev/null || true; done
    over || fail "the queue is not empty: $(squeue)"
    went_on 2
    ;;
  kubernetes)
    block Kubernetes yaml campaign.yaml
    "$python" - <<'PYTHON'
import re, yaml

job = yaml.safe_load(open("campaign.yaml"))
spec, pod = job["spec"], job["spec"]["template"]["spec"]
assert (job["apiVersion"], job["kind"], spec["completionMode"]) == ("batch/v1", "Job", "Indexed")
assert set(spec) <= {"completionMode", "completions", "parallelism", "backoffLimit", "template"}, spec
assert set(pod) <= {"restartPolicy", "containers", "volumes"}, pod
assert pod["restartPolicy"] in ("OnFailure", "Never"), "a Job's pods may not restart always"
(container,) = pod["containers"]
assert set(container) <= {"name", "image", "workingDir", "command", "args", "volumeMounts"}, container
assert re.fullmatch("[a-z0-9]([-a-z0-9]*[a-z0-9])?", job["metadata"]["name"])
assert {m["name"] for m in container["volumeMounts"]} == {v["name"] for v in pod["volumes"]}
assert container["command"] == ["/bin/sh", "-c"] and len(container["args"]) == 1
open("pod.sh", "w").write(container["args"][0])
open("completions", "w").write(str(spec["completions"]))
assert f"--shard auto/{spec['completions']} " in container["args"][0]
PYTHON
    for ((i = 0; i < $(<completions); ++i)); do
      JOB_COMPLETION_INDEX=$i sh pod.sh >said 2>&1 &
      started=($!)
      if [ "$i" = 2 ]; then
        # What a cluster sends first: the shard writes down what it has, and must not pass for complete.
        stop_in_the_middle "$i" TERM
        if wait "$!"; then fail "the pod that was stopped succeeded"; fi
        if assay merge parts/*.json 2>said; then fail "half a part passed for a whole one"; fi
        grep -q "shard $((i + 1))/8 is incomplete" said || fail "the merge says: $(<said)"
        JOB_COMPLETION_INDEX=$i sh pod.sh >said 2>&1 || fail "pod $i: $(<said)"
        went_on "$i"
      else
        wait "$!" || fail "pod $i: $(<said)"
      fi
      started=()
    done
    ;;
esac

assay merge parts/*.json --report merged.json >said || fail "$(<said)"
# shellcheck disable=SC2086  # several words
assay audit $small --report whole.json >said || fail "$(<said)"
python3 - <<'PYTHON'
import json

def timeless(value):
    if isinstance(value, dict):
        return {key: timeless(each) for key, each in value.items() if key != "seconds"}
    return [timeless(each) for each in value] if isinstance(value, list) else value

whole, merged = (timeless(json.load(open(name))) for name in ("whole.json", "merged.json"))
assert len(json.dumps(whole)) > 10_000
assert whole == merged, "the merged report differs from that of the campaign that was never split"
PYTHON
