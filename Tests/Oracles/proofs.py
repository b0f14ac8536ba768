#!/usr/bin/env python3
"""Checks that proofs carry: inquest-verify accepts every proven finding of random incidents, and refuses falsified ones.

  proofs.py INQUEST INQUEST-VERIFY --seeds A..B [--false N] [--jobs N]

Each seed is a race with its faults, one without, and one without clocks. From each a few findings are falsified: another plan, line,
count or rule. All of these must be refused.
"""
import argparse
import collections
import copy
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

VARIANTS = {"faults": [], "plain": ["--faults", "none"], "no-clocks": ["--no-clocks"]}


def plan(finding, draw):
    if "plan" not in finding:
        return False
    finding["plan"] += draw.choice([-1, 1, 7])
    return True


def displaced(finding, draw):
    if "displaced" not in finding:
        return False
    finding["displaced"] += draw.choice([-1, 1, 7])
    return True


def count(finding, draw):
    if "count" not in finding:
        return False
    finding["count"] += draw.choice([-1, 1, 10])
    return True


def citations(finding):
    for evidence in finding["evidence"]:
        yield evidence
    for step in finding["proof"]:
        for key in ("record", "earlier", "later"):
            if key in step:
                yield step[key]
        yield from step.get("chain", [])


def line(finding, draw):
    cited = list(citations(finding))
    if not cited:
        return False
    draw.choice(cited)["line"] += draw.choice([1, 2])
    return True


def actor(finding, draw):
    if "actor" not in finding:
        return False
    finding["actor"] += "-2"
    return True


def endpoint(finding, draw):
    if "endpoint" not in finding:
        return False
    finding["endpoint"] = "www." + finding["endpoint"]
    return True


def time(finding, draw):
    cited = list(citations(finding))
    if not cited:
        return False
    cited = draw.choice(cited)
    if not cited["ts"]:
        return False
    cited["ts"] = cited["ts"][:17] + f"{(int(cited['ts'][17:19]) + 1) % 60:02}" + cited["ts"][19:]
    return True


RULES = ["commit 7 after 6", "the order of the store's own log", "the store's clock: 9 after 8", "happened before",
         "replaces 4", "records is 0", "the endpoint was emptied while the plan was active"]


def rule(finding, draw):
    if "basis" not in finding:
        return False
    finding["basis"] = draw.choice([rule for rule in RULES if rule != finding["basis"]])
    return True


def step(finding, draw):
    steps = [step for step in finding["proof"] if step["step"] != "whole-log"]
    if not steps:
        return False
    finding["proof"].remove(draw.choice(steps))
    # A deletion that the store wrote down needs no other step, and its basis then is another.
    return True


def swapped(finding, draw):
    steps = [step for step in finding["proof"] if "earlier" in step]
    if not steps:
        return False
    one = draw.choice(steps)
    one["earlier"], one["later"] = one["later"], one["earlier"]
    return True


def kind(finding, draw):
    others = {"stale-plan-overwrite": "rollback", "rollback": "stale-plan-overwrite",
              "active-plan-deleted": "endpoint-emptied", "stale-check": "stale-plan-overwrite", "log-gap": "restart",
              "restart": "clock-conflict", "clock-conflict": "restart"}
    if finding["kind"] not in others:
        return False
    finding["kind"] = others[finding["kind"]]
    return True


FALSIFIERS = [plan, displaced, count, line, actor, endpoint, time, rule, step, swapped, kind]


def verify(arguments, path, bundle):
    run = subprocess.run([arguments.verify, path, bundle], capture_output=True, text=True, timeout=300)
    if run.returncode not in (0, 1):
        raise RuntimeError(f"status {run.returncode}: {run.stderr}")
    lines = [text.split(None, 2) for text in run.stdout.splitlines()]
    return {words[2].split()[0]: (words[0] == "accepted", " ".join(words[1:])) for words in lines
            if words[0] in ("accepted", "refused")}


def judge(arguments, seed, variant):
    """The number of proven findings by kind, the number falsified, and what is wrong."""
    folder = tempfile.mkdtemp(prefix="inquest-proofs-")
    try:
        bundle = os.path.join(folder, "bundle")
        subprocess.run([arguments.inquest, "simulate", "race", "--seed", str(seed), "-o", bundle, "--quiet"]
                       + VARIANTS[variant], check=True, timeout=300)
        run = subprocess.run([arguments.inquest, "analyze", bundle, "--format", "json", "--quiet"],
                             capture_output=True, timeout=300)
        if run.returncode != 0:
            raise RuntimeError(f"analyze: status {run.returncode}: {run.stderr.decode()}")
        report = json.loads(run.stdout)
        proven = [f for f in report["findings"] if f["confidence"] == "proven"]
        path = os.path.join(folder, "findings.json")
        wrong = []

        def check(findings):
            with open(path, "w") as file:
                json.dump(dict(report, findings=findings), file)
            return verify(arguments, path, bundle)

        verdicts = check(proven)
        for finding in proven:
            accepted, words = verdicts.get(finding["id"], (False, "not mentioned"))
            if not accepted:
                wrong.append(f"refused: {words}")
        draw = random.Random(f"{seed} {variant}")
        lies = []
        for falsify in draw.sample(FALSIFIERS, len(FALSIFIERS)):
            if len(lies) == arguments.false or not proven:
                break
            lie = copy.deepcopy(draw.choice(proven))
            if falsify(lie, draw):
                lie["id"] = f"lie-{len(lies)}"
                lies.append((falsify.__name__, lie))
        verdicts = check([lie for _, lie in lies])
        for name, lie in lies:
            accepted, words = verdicts[lie["id"]]
            if accepted:
                wrong.append(f"accepted with another {name}: {words}")
        return collections.Counter(f["kind"] for f in proven), len(lies), wrong
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inquest")
    parser.add_argument("verify")
    parser.add_argument("--seeds", default="1..100")
    parser.add_argument("--false", type=int, default=2, help="falsified findings of each bundle")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    first, last = (int(part) for part in arguments.seeds.split(".."))
    races = [(seed, variant) for seed in range(first, last + 1) for variant in VARIANTS]
    kinds, lies, wrong = collections.Counter(), 0, 0
    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = pool.map(lambda race: judge(arguments, *race), races)
        for (seed, variant), (found, falsified, faults) in zip(races, results):
            kinds += found
            lies += falsified
            wrong += len(faults)
            for fault in faults:
                print(f"race {seed} ({variant}): {fault}")
    print(f"proofs: {sum(kinds.values())} proven findings of {len(races)} races, {lies} falsified, {wrong} judged wrong")
    print("  " + ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    sys.exit(1 if wrong or not kinds else 0)


if __name__ == "__main__":
    main()
