#!/usr/bin/env python3
"""Checks laws that the contract gives plan findings, on simulated races with faults.

  plan_laws.py INQUEST --simulator INQUEST --seeds A..B [--law skew|later|loss]

  skew   every clock off by an hour or by 330 minutes: the proven findings are the same
  later  the second half of the logs is added: what was proven before still is, under the same id
  loss   records whose absence counters show are taken away: no finding becomes surer, none appears as proven
"""
import argparse
import collections
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from plan_oracle import RANK, analyze
from race import Race

KINDS = {"stale-plan-overwrite", "active-plan-deleted", "endpoint-emptied", "rollback"}


def simulate(arguments, seed, faults, folder):
    subprocess.run([arguments.simulator, "simulate", "race", "--faults", ",".join(sorted(faults)) or "all",
                    "--seed", str(seed), "-o", folder, "--force", "--quiet"], check=True, timeout=300)


def drawn(arguments, seed, folder):
    """The faults that a seed draws."""
    simulate(arguments, seed, set(), folder)
    with open(os.path.join(folder, "truth.json")) as file:
        return set(json.load(file)["faults"])


def plan_findings(arguments, folder):
    """Findings of plans: key to (confidence, id, awareness, whether it lasts to the end)."""
    found = collections.defaultdict(list)
    for f in analyze(arguments.inquest, folder)["findings"]:
        if f["kind"] in KINDS:
            key = tuple(str(f.get(part)) for part in ("kind", "endpoint", "actor", "plan", "displaced"))
            found[key].append((f["confidence"], f["id"], f.get("awareness"), f.get("until") is None))
    return found


def proven(found, *parts):
    return {(key, *(row[part] for part in parts)) for key, rows in found.items() for row in rows if row[0] == "proven"}


def plain(folder, target, keep):
    """Copies a race's logs as plain files, each with the lines that `keep` (of log, number from 0, record) leaves."""
    logs = {log["log"]: log["actor"] for log in Race(folder).truth["logs"]}
    for log in logs:
        lines = [text for n, (text, _, _) in enumerate(Race.read(folder, log)) if keep(log, n, json.loads(text))]
        if lines:
            with open(os.path.join(target, f"{log}.jsonl"), "wb") as file:
                file.write(b"".join(line + b"\n" for line in lines))


def skew(arguments, seed, folder, faults):
    if "reset-counters" in faults:
        return None
    # A race of no fault at all would have no name on the command line.
    others = faults - {"hour-clocks"} or {"restarts"}
    simulate(arguments, seed, others, f"{folder}/right")
    simulate(arguments, seed, others | {"hour-clocks"}, f"{folder}/wrong")
    right, wrong = (proven(plan_findings(arguments, f"{folder}/{name}"), 1, 2, 3) for name in ("right", "wrong"))
    return [f"only with right clocks: {x}" for x in sorted(right - wrong)] + \
        [f"only with wrong clocks: {x}" for x in sorted(wrong - right)]


def later(arguments, seed, folder, faults):
    if "hour-clocks" in faults:
        return None
    end = f"2025-10-20T06:{random.Random(seed).randint(0, 11):02}"
    for name, keep in (("all", lambda *_: True), ("first", lambda log, n, record: record["ts"] < end)):
        os.mkdir(f"{folder}/{name}")
        plain(f"{folder}/race", f"{folder}/{name}", keep)
    first, whole = (proven(plan_findings(arguments, f"{folder}/{name}"), 1, 2) for name in ("first", "all"))
    return [f"proven up to {end}, not with all: {x}" for x in sorted(first - whole)]


def loss(arguments, seed, folder, faults):
    if faults & {"reset-counters", "no-clocks", "uncounted-store-log", "overlapping-exports"}:
        return None
    draw = random.Random(seed)
    sizes = {log["log"]: max(log["lines"], default=0) for log in Race(f"{folder}/race").truth["logs"]}
    for name, share in (("all", 0), ("rest", draw.choice([0.01, 0.05, 0.2]))):
        os.mkdir(f"{folder}/{name}")
        # Neither the first record of a log nor its last: no counter would show that it is missing. Restarts stay.
        plain(f"{folder}/race", f"{folder}/{name}", lambda log, n, record: n == 0 or n + 1 == sizes[log]
              or record["event"] == "process.started" or draw.random() >= share)
    whole, rest = (plan_findings(arguments, f"{folder}/{name}") for name in ("all", "rest"))
    words = []
    for key, rows in rest.items():
        before = max((RANK[row[0]] for row in whole.get(key, [])), default=-1)
        after = max(RANK[row[0]] for row in rows)
        if after > max(before, 0):
            words.append(f"{rows[0][0]} after loss, {whole[key][0][0] if key in whole else 'not found'} before: {key}")
    return words


def judge(arguments, seed):
    folder = tempfile.mkdtemp(prefix=f"law-{seed}-")
    try:
        faults = drawn(arguments, seed, f"{folder}/race")
        results = {}
        for name in arguments.law or ["skew", "later", "loss"]:
            os.mkdir(f"{folder}/{name}")
            if name != "skew":
                shutil.copytree(f"{folder}/race", f"{folder}/{name}/race")
            results[name] = LAWS[name](arguments, seed, f"{folder}/{name}", faults)
            if results[name] and arguments.keep:
                kept = os.path.join(arguments.keep, f"{name}-{seed}")
                shutil.rmtree(kept, ignore_errors=True)
                shutil.copytree(f"{folder}/{name}", kept)
        return seed, sorted(faults), results
    finally:
        shutil.rmtree(folder)


LAWS = {"skew": skew, "later": later, "loss": loss}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inquest", type=os.path.abspath)
    parser.add_argument("--simulator", type=os.path.abspath, help="the program that simulates; default: the one judged")
    parser.add_argument("--seeds", default="1..50", help="A..B, both included")
    parser.add_argument("--law", action="append", choices=sorted(LAWS), help="only this one; repeatable")
    parser.add_argument("--jobs", type=int, default=1, help="races judged at a time")
    parser.add_argument("--keep", default=".build/oracles/laws", help="folder for races that break a law")
    parser.add_argument("--show", type=int, default=10, help="words to print for each law")
    arguments = parser.parse_args()
    arguments.simulator = arguments.simulator or arguments.inquest
    first, last = (int(part) for part in arguments.seeds.split(".."))
    counts, shown = collections.defaultdict(collections.Counter), collections.Counter()
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for seed, faults, results in pool.map(lambda s: judge(arguments, s), range(first, last + 1)):
            for name, words in results.items():
                counts[name]["skipped" if words is None else "broken" if words else "kept"] += 1
                for word in words or []:
                    shown[name] += 1
                    if shown[name] <= arguments.show:
                        print(f"{name} {seed} ({', '.join(faults) or 'no fault'}): {word}", flush=True)
    for name, count in counts.items():
        print(f"{name:6} kept in {count['kept']} races, broken in {count['broken']}, skipped in {count['skipped']}")
    sys.exit(1 if any(count["broken"] for count in counts.values()) else 0)


if __name__ == "__main__":
    main()
