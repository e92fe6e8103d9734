"""Holds counts of instructions against the baseline, or writes it: see .ci/instructions."""

import json
import platform
import subprocess
import sys
from pathlib import Path

TOLERANCE = 0.03


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def processor():
    """The family: of one family, the same instructions are counted."""
    words = {}
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        words.setdefault(name.strip(), value.strip())
    known = [words[name] for name in ("vendor_id", "cpu family") if name in words]
    return " ".join(known) or platform.machine()


def surroundings():
    """What else decides how many instructions there are."""
    rustc = dict(line.split(": ", 1) for line in output("rustc", "-vV").splitlines() if ": " in line)
    return {
        "compiler": rustc["release"],
        "target": rustc["host"],
        "processor": processor(),
        "libc": " ".join(platform.libc_ver()),
        "valgrind": output("valgrind", "--version"),
    }


def instructions(path):
    """Counts by path, from what gungraun printed: a JSON object for each."""
    counts = {}
    for line in Path(path).read_text().splitlines():
        if line.startswith("{"):
            summary = json.loads(line)
            counts[summary["id"]] = count_of(summary)
    return counts


def count_of(summary):
    callgrind = next(profile for profile in summary["profiles"] if profile["tool"] == "Callgrind")
    return callgrind["data"]["total"]["metrics"]["Ir"]["values"]["new"]


def compare(counts, baseline):
    """Prints the table; the paths that are slower, and whether one is faster."""
    slower, faster = [], False
    print(f"{'path':<14}{'baseline':>14}{'now':>14}{'change':>10}")
    for name in sorted(counts.keys() | baseline.keys()):
        before, now = baseline.get(name), counts.get(name)
        if before is None or now is None:
            print(f"{name:<14}{before or '-':>14}{now or '-':>14}{'':>10}")
            slower.append(name)
            continue
        change = now / before - 1
        print(f"{name:<14}{before:>14,}{now:>14,}{change:>+10.2%}")
        if change > TOLERANCE:
            slower.append(name)
        faster = faster or change < -TOLERANCE
    return slower, faster


def main():
    counts = instructions(sys.argv[1])
    if not counts:
        sys.exit("gungraun counted nothing")
    here = surroundings()
    path = Path(sys.argv[2])
    if "--update" in sys.argv[3:]:
        path.write_text(json.dumps({**here, "instructions": counts}, indent=2) + "\n")
        print(f"{path} is written.")
        return
    baseline = json.loads(path.read_text())
    slower, faster = compare(counts, baseline["instructions"])
    other = [name for name in here if here[name] != baseline[name]]
    for name in other:
        print(f"Another {name} than the baseline's: {here[name]}, not {baseline[name]}.")
    if faster:
        print("Faster: update the baseline with .ci/instructions --update")
    if slower:
        text = f"Over {TOLERANCE:.0%} more instructions, or not in both: {', '.join(slower)}"
        if other:
            print(f"{text}. It does not count here.")
        else:
            sys.exit(f"{text}. If it has to be: .ci/instructions --update")


main()
