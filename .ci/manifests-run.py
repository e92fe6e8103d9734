"""Runs the script of the Kubernetes manifest once for each shard, as the Job would,
with a program in the place of policy-harness that writes down what it is asked for."""

import os
import pathlib
import subprocess
import sys

import yaml

manifest, work = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
parts = {part["kind"]: part for part in yaml.safe_load_all(manifest.read_text())}
data, job = parts["ConfigMap"]["data"], parts["Job"]["spec"]
container = job["template"]["spec"]["containers"][0]
shards = job["completions"]
assignments = data["assignments"].split()

for name in ("campaign", "journals", "bin"):
    (work / name).mkdir(parents=True)
for name, text in data.items():
    (work / "campaign" / name).write_text(text)
program = work / "bin" / "policy-harness"
program.write_text('#!/bin/sh\necho "$@" >>asked\necho "$LAST" >run.journal\nexit "$CODE"\n')
program.chmod(0o755)

environment = {entry["name"]: entry["value"] for entry in container["env"]}
assert environment["SHARDS"] == str(shards), "SHARDS is not completions"
assert job["completionMode"] == "Indexed" and job["template"]["spec"]["restartPolicy"] == "Never"
assert len(set(assignments)) == len(assignments) == shards, "an assignment for each shard"
mounts = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}
volumes = {volume["name"] for volume in job["template"]["spec"]["volumes"]}
assert set(mounts.values()) == volumes, "a volume is mounted nowhere, or is none"
for name in ("CAMPAIGN", "JOURNALS"):
    assert environment[name] in mounts, f"{name} is no mounted folder"
claim = parts["PersistentVolumeClaim"]["metadata"]["name"]
assert any(volume.get("persistentVolumeClaim", {}).get("claimName") == claim
           for volume in job["template"]["spec"]["volumes"])
assert container["command"][-1] == environment["CAMPAIGN"] + "/run.sh"


def run(index: int, code: int, last: str = '{"finished":{}}') -> int:
    ours = {
        "CAMPAIGN": str(work / "campaign"),
        "JOURNALS": str(work / "journals"),
        "JOB_COMPLETION_INDEX": str(index),
        "CODE": str(code),
        "LAST": last,
        "PATH": f"{work / 'bin'}:{os.environ['PATH']}",
    }
    return subprocess.run(["/bin/sh", work / "campaign" / "run.sh"], env=environment | ours).returncode


seen = []
for index in range(shards):
    # Not to its end at first, so that it is started again.
    assert run(index, 3) == 3
    assert run(index, 1, '{"case":{}}') == 3, "a shard that was stopped is gone on with"
    assert run(index, 1) == 0, "findings are for the merged report to say"
    first, _, again = (work / "journals" / str(index + 1) / "asked").read_text().splitlines()
    assert f"--shard {index + 1}/{shards} --journal run.journal" in first, first
    assert f"--shard {index + 1}/{shards} --resume run.journal" in again, again
    assert f"--seed {environment['SEED']} " in first and "--rate" in first, first
    seen.append(first.split("--assignment-id ")[1].split()[0])
assert seen == assignments, "each shard writes to its own assignment"
assert run(shards, 0) == 2, "a shard without an assignment does not run"
