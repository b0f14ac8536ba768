#!/usr/bin/env python3
"""Measures backlog findings on queues of known truth that the detector was not tuned on.

backlog_oracle.py INQUEST [--seeds FIRST..LAST] [--each N] [--set mixed|quiet|fraction|age|latency|depth|flow] [--verbose]

Prints, for all and by kind: F1, false alarms a series-day, how often the 90 % interval holds the true onset and how wide it is
(in samples for sudden onsets, in climbs for slow ones). With --min-sharp, --min-f1, --max-false-alarms it fails below or above.
"""
import argparse
import datetime
import json
import os
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import backlog_sets as sets


def seconds(text):
    if text is None:
        return None
    whole, _, fraction = text.removesuffix("Z").partition(".")
    at = datetime.datetime.fromisoformat(whole + "+00:00").timestamp()
    return at + (float("0." + fraction) if fraction else 0) - sets.START


def found(inquest, bundle):
    run = subprocess.run([inquest, "analyze", bundle, "--format", "json"], capture_output=True, text=True)
    if run.returncode not in (0, 3):
        sys.exit(f"analyze: exit status {run.returncode}\n{run.stderr[-500:]}")
    by = {}
    for f in json.loads(run.stdout)["findings"]:
        if f["kind"] == "backlog-onset":
            began = f.get("began") or {"from": f["at"], "to": f["at"]}
            by.setdefault(f["actor"], []).append(
                {"onset": seconds(f["at"]), "low": seconds(began["from"]), "high": seconds(began["to"]), "text": f.get("basis", "")})
    return by


class Score:
    def __init__(self):
        self.matched = self.missed = self.false = self.fragments = 0
        self.days, self.holds, self.widths, self.errors, self.seen = 0.0, [], [], [], 0

    def add(self, truth, predictions, name="", verbose=False):
        self.days += truth["length"] / 86_400
        episodes = truth["episodes"]
        pairs = sorted((abs(p["onset"] - e["onset"]), i, j) for i, p in enumerate(predictions) for j, e in enumerate(episodes)
                       if abs(p["onset"] - e["onset"]) <= e["tolerance"])
        used, hit = set(), set()
        for _, i, j in pairs:
            if i not in used and j not in hit:
                used.add(i)
                hit.add(j)
        self.matched += len(hit)
        self.missed += len(episodes) - len(hit)
        if verbose and len(hit) < len(episodes):
            print("missed", name, [e for j, e in enumerate(episodes) if j not in hit], predictions)
        for e in episodes:
            end = e["recovered"] or truth["length"]
            near = [p for p in predictions if e["onset"] - max(e["tolerance"], e["climb"]) <= p["onset"] <= end]
            if not near:
                continue
            p = min(near, key=lambda p: abs(p["onset"] - e["onset"]))
            self.seen += 1
            self.errors.append(abs(p["onset"] - e["onset"]) / truth["interval"])
            self.holds.append(p["low"] - 0.5 <= e["onset"] <= p["high"] + 0.5)
            self.widths.append((p["high"] - p["low"]) / (truth["interval"] if truth["kind"] in sets.SHARP else max(e["climb"], 1)))
            if verbose and not self.holds[-1]:
                print("outside", name, truth["interval"], truth.get("fields"), e["onset"], p)
        for i, p in enumerate(predictions):
            if i in used or any(a <= p["onset"] <= b for a, b in truth["unclear"]):
                continue
            if any(e["onset"] - e["tolerance"] <= p["onset"] <= (e["recovered"] or truth["length"]) + truth["bound"] for e in episodes):
                self.fragments += 1
            else:
                self.false += 1
                if verbose:
                    print("false", name, truth["interval"], truth.get("fields"), p)

    def f1(self):
        wrong = self.false + self.fragments + self.missed
        return 2 * self.matched / (2 * self.matched + wrong) if self.matched + wrong else 1.0

    def text(self):
        def median(x): return round(statistics.median(x), 2) if x else "-"
        holds = f"{100 * sum(self.holds) / len(self.holds):.0f} %" if self.holds else "-"
        return (f"F1 {self.f1():.3f}  of {self.matched + self.missed} matched {self.matched}, seen {self.seen}  false {self.false} "
                f"({self.false / max(self.days, 1e-9):.3f}/day)  fragments {self.fragments}  holds {holds}  width {median(self.widths)}  "
                f"error {median(self.errors)} samples")


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("inquest")
    a.add_argument("--seeds", default="1..20")
    a.add_argument("--each", type=int, default=4)
    a.add_argument("--set", default="mixed", choices=["mixed", "quiet", "fraction", "age", "latency", "depth", "flow"])
    a.add_argument("--min-f1", type=float, default=0)
    a.add_argument("--min-sharp", type=float, default=0)
    a.add_argument("--max-false-alarms", type=float, default=1e9)
    a.add_argument("--keep", help="folder for the sets, made once")
    a.add_argument("--verbose", action="store_true")
    o = a.parse_args()
    first, _, last = o.seeds.partition("..")
    fields = {"mixed": None, "quiet": None, "fraction": "df", "age": "a", "latency": "latency", "depth": "d", "flow": "f"}[o.set]
    by, groups = {}, {"all": Score(), "sharp": Score(), "slow": Score()}
    kinds = sets.SHARP + sets.SLOW + sets.HARMLESS
    if o.set == "quiet":
        kinds = sets.QUIET
    if o.set == "latency":
        kinds = ["surge", "slowdown", "ramp", "calm", "diurnal"]
    for seed in range(int(first), int(last or first) + 1):
        with tempfile.TemporaryDirectory() as scratch:
            folder = os.path.join(o.keep, f"{o.set}-{seed}-{o.each}") if o.keep else scratch
            if not os.path.exists(os.path.join(folder, "truth.json")):
                sets.write(folder, seed, kinds, o.each, fields, fraction=o.set == "fraction")
            truth = json.load(open(os.path.join(folder, "truth.json")))
            predictions = found(o.inquest, os.path.join(folder, "bundle"))
        for name, known in truth.items():
            kind = known["kind"]
            targets = [groups["all"], by.setdefault(kind, Score())]
            targets += [groups["sharp"]] if kind in sets.SHARP else [groups["slow"]] if kind in sets.SLOW else []
            for k, score in enumerate(targets):
                score.add(known, predictions.get(name, []), f"{seed}/{name}", o.verbose and k == 0)
    for name, score in list(groups.items()) + list(by.items()):
        print(f"{name:18s} {score.text()}")
    whole = groups["all"]
    short = whole.f1() < o.min_f1 or groups["sharp"].f1() < o.min_sharp
    sys.exit(short or whole.false / max(whole.days, 1e-9) > o.max_false_alarms)


if __name__ == "__main__":
    main()
