#!/usr/bin/env python3
"""Judges the plan findings of `inquest analyze` by the truth of simulated races with faults.

  plan_oracle.py INQUEST --simulator INQUEST --seeds A..B     simulate, analyze, judge; a table for each fault
  plan_oracle.py INQUEST --bundle FOLDER                      judge one race that was simulated with --faults
  plan_oracle.py INQUEST --shrink FOLDER                      make a failing race small, for its first fault

Of each overwrite and deletion that truly happened the records left either decide it (then it must be found, proven), or
leave it open (then it is found at most at the confidence that the contract allows, or listed as undecided). What is
called proven must be so in truth, unless a record was lost without a trace. Columns:

  decided, proven   overwrites that the records decide, and how many of them are found as proven
  doubt, missed     decided ones that are found as less than proven; that are not found
  wrong             found with another displaced generation, as proven
  open, found, undecided, silent   overwrites left open: found, listed, neither though both writes have records
  excess            open ones that are surer than the contract allows
  false, unshown    findings called proven that are not so; that are not so since a record was lost without a trace
  twice             proven findings of one and the same overwrite, beyond the first
  likely            findings called likely that are not so (no fault)
  aware             findings whose awareness is wrong
  del, delfound, delfalse   deletions that the records decide, found as proven, and proven ones that are none
  outage            proven endpoint-emptied and automation-wedged findings on endpoints that never were
"""
import argparse
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from plan_rules import Rules
from race import Race
from shrink_race import shrink

COLUMNS = ["races", "decided", "proven", "doubt", "missed", "wrong", "open", "found", "undecided", "silent", "excess",
           "false", "twice", "unshown", "likely", "aware", "del", "delfound",
           "delfalse", "outage"]
FAULTS = {"missed", "wrong", "silent", "excess", "false", "twice", "aware", "delfalse", "outage"}
RANK = {"possible": 0, "likely": 1, "proven": 2}


class Verdict:
    """What is right and wrong about the findings of one race."""

    def __init__(self, race, report):
        self.race, self.rules = race, Rules(race)
        self.counts, self.words = collections.Counter(races=1), []
        self.undecided = {entry.get("endpoint") for entry in report["quality"].get("undecided", [])}
        found = report["findings"]
        self.overwrites = [f for f in found if f["kind"] in ("stale-plan-overwrite", "rollback") and "displaced" in f]
        self.matches = self.match()
        self.judge_overwrites()
        self.judge_unmatched()
        self.judge_deletions([f for f in found if f["kind"] == "active-plan-deleted"])
        self.judge_outages(found)

    def say(self, column, words):
        self.counts[column] += 1
        self.words.append(f"{column}: {words}")

    def lines_of(self, finding):
        """The true records that a finding's evidence names."""
        return {self.race.places.get((e.get("file"), e.get("line"))) for e in finding.get("evidence", [])}

    @staticmethod
    def is_about(finding, effect):
        said = (int(finding["plan"]), finding.get("actor"))
        return effect.kind != "deletion" and (effect.plan, effect.actor) == said

    def match(self):
        """Pairs each finding with its true write: same endpoint, writer and plan, the most evidence in common."""
        pairs = []
        for n, finding in enumerate(self.overwrites):
            named = {self.race.lines.get(key) for key in self.lines_of(finding) if key}
            for effect in self.race.history[finding["endpoint"]]:
                if self.is_about(finding, effect):
                    common = sum(record in named for record in (effect.stored, effect.answer, effect.sending) if record)
                    right = effect.displaced == int(finding["displaced"])
                    pairs.append((right, common, -n, -effect.number, finding, effect))
        matches, used = {}, set()
        for right, _, _, _, finding, effect in sorted(pairs, key=lambda pair: pair[:4], reverse=True):
            if id(finding) not in used and effect.number not in matches and effect.is_overwrite:
                used.add(id(finding))
                matches[effect.number] = finding
        self.used = used
        return matches

    def judge_overwrites(self):
        for effects in self.race.history.values():
            for write in effects:
                if not write.is_overwrite or not write.is_left:
                    continue
                finding = self.matches.get(write.number)
                proof = self.rules.decided(write)
                if proof:
                    self.judge_decided(write, finding, proof)
                else:
                    self.judge_open(write, finding)
                if finding and int(finding["displaced"]) == write.displaced:
                    self.judge_awareness(write, finding)

    def judge_decided(self, write, finding, proof):
        self.counts["decided"] += 1
        self.counts[f"decided by {proof}"] += 1
        if finding is None:
            self.say("missed", f"{write.endpoint}: {write}, decided by {proof}"
                     + (", listed as undecided" if write.endpoint in self.undecided else ""))
        elif int(finding["displaced"]) != write.displaced:
            column = "wrong" if finding["confidence"] == "proven" else "doubt"
            said = finding["displaced"]
            self.say(column, f"{write.endpoint}: {write}, decided by {proof}, is said to be over {said}")
        elif finding["confidence"] != "proven":
            self.say("doubt", f"{write.endpoint}: {write}, decided by {proof}, is {finding['confidence']}")
        else:
            self.counts["proven"] += 1

    def judge_open(self, write, finding):
        self.counts["open"] += 1
        displaced = self.rules.previous(write)
        if finding is not None:
            self.counts["found"] += 1
            said = int(finding["displaced"])
            if said != write.displaced and finding["confidence"] == "proven":
                column = "unshown" if self.is_without_trace(write, said) else "wrong"
                self.say(column, f"{write.endpoint}: {write} is said to be over {said}")
                return
            most = self.rules.most(write)
            if RANK[finding["confidence"]] > RANK[most]:
                self.say("excess", f"{write.endpoint}: {write} is {finding['confidence']}, at most {most}")
        elif write.endpoint in self.undecided:
            self.counts["undecided"] += 1
        elif displaced is not None and displaced.is_left:
            self.say("silent", f"{write.endpoint}: {write}, after {displaced}, is neither found nor undecided")

    def judge_awareness(self, write, finding):
        expected = self.rules.awareness(write)
        if expected and finding.get("awareness") != expected:
            self.say("aware", f"{write.endpoint}: {write} is {finding.get('awareness')}, not {expected}")

    def judge_unmatched(self):
        for finding in self.overwrites:
            if id(finding) in self.used:
                continue
            words = f"{finding['endpoint']}: {finding['plan']} over {finding['displaced']} by {finding.get('actor')}"
            if finding["confidence"] == "likely":
                self.counts["likely"] += 1
            elif finding["confidence"] == "proven":
                truths = [e for e in self.race.history[finding["endpoint"]] if self.is_about(finding, e)]
                if any(e.displaced == int(finding["displaced"]) for e in truths):
                    self.say("twice", f"{words}; in truth: {truths}")
                elif any(self.is_without_trace(e, int(finding["displaced"])) for e in truths):
                    self.counts["unshown"] += 1
                else:
                    self.say("false", f"{words}; in truth: {truths}")

    def is_without_trace(self, write, displaced):
        """Whether all that came between a write and the last one of a generation is lost without a trace."""
        row = self.race.history[write.endpoint]
        ahead = row[:row.index(write)]
        between = []
        for effect in reversed(ahead):
            if effect.plan == displaced and effect.kind != "deletion":
                return bool(between) and all(self.rules.is_unshown(e) for e in between)
            between.append(effect)
        return False

    def judge_deletions(self, findings):
        true = collections.Counter()
        for effects in self.race.history.values():
            for effect in effects:
                if effect.kind == "deletion":
                    key = (effect.endpoint, effect.plan)
                    true[key] += 1
                    if self.rules.is_decided_deletion(effect):
                        self.counts["del"] += 1
                        said = [f["confidence"] for f in findings if (f["endpoint"], int(f["plan"])) == key]
                        if "proven" in said:
                            self.counts["delfound"] += 1
                        else:
                            column = "doubt" if said else "missed"
                            self.say(column, f"{effect.endpoint}: {effect}: {', '.join(said) or 'not found'}")
        for finding in findings:
            if finding["confidence"] == "proven" and (finding["endpoint"], int(finding["plan"])) not in true:
                self.say("delfalse", f"{finding['endpoint']}: deletion of {finding['plan']} by {finding.get('actor')}")


    def judge_outages(self, findings):
        emptied = {fact["endpoint"] for fact in self.race.truth["emptied"]}
        for finding in findings:
            if finding["kind"] in ("endpoint-emptied", "automation-wedged") and finding["confidence"] == "proven" \
                    and finding["endpoint"] not in emptied:
                self.say("outage", f"{finding['endpoint']}: {finding['summary']}")


def analyze(inquest, folder):
    run = subprocess.run([inquest, "analyze", folder, "--format", "json", "--quiet"], capture_output=True, timeout=300)
    if run.returncode not in (0, 1, 3):
        raise RuntimeError(f"exit status {run.returncode}: {run.stderr.decode(errors='replace').strip()[:300]}")
    return json.loads(run.stdout)


def judge_seed(arguments, seed):
    folder = tempfile.mkdtemp(prefix=f"race-{seed}-")
    try:
        subprocess.run([arguments.simulator, "simulate", "race", "--faults", arguments.faults, "--seed", str(seed),
                        "-o", folder, "--force", "--quiet"], check=True, timeout=300)
        try:
            verdict = Verdict(Race(folder), analyze(arguments.inquest, folder))
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            return seed, [], collections.Counter(races=1, missed=1), [f"crash: {error}"]
        if arguments.keep and any(verdict.counts[column] for column in FAULTS):
            kept = os.path.join(arguments.keep, f"seed-{seed}")
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(folder, kept)
        return seed, sorted(verdict.race.faults), verdict.counts, verdict.words
    finally:
        shutil.rmtree(folder)


def judge_seeds(arguments):
    first, last = (int(part) for part in arguments.seeds.split(".."))
    table, total, shown = collections.defaultdict(collections.Counter), collections.Counter(), collections.Counter()
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for seed, faults, counts, words in pool.map(lambda s: judge_seed(arguments, s), range(first, last + 1)):
            total.update(counts)
            for name in faults or ["none"]:
                table[name].update(counts)
            for word in words:
                column = word.split(":")[0]
                shown[column] += 1
                if shown[column] <= arguments.show:
                    print(f"seed {seed} ({', '.join(faults) or 'no fault'}): {word}", flush=True)
    return report(arguments, table, total)


def report(arguments, table, total):
    widths = [max(len(column), 5) + 1 for column in COLUMNS]
    print(f"\n{'fault':20}" + "".join(f"{column:>{width}}" for column, width in zip(COLUMNS, widths)))
    for name, counts in sorted(table.items()) + [("all races", total)]:
        print(f"{name:20}" + "".join(f"{counts[column]:{width}}" for column, width in zip(COLUMNS, widths)))
    proofs = [f"{key[11:]} {n}" for key, n in sorted(total.items()) if key.startswith("decided by ")]
    print("decided by: " + ", ".join(proofs))
    decided = total["decided"] + total["del"]
    share = (total["proven"] + total["delfound"]) / decided if decided else 1.0
    print(f"{share:.2%} of what the records decide is proven")
    wrong = sum(total[column] for column in FAULTS)
    if wrong and arguments.keep:
        print(f"Failing races are in {arguments.keep}; one again: "
              f"plan_oracle.py {arguments.inquest} --bundle {arguments.keep}/seed-N")
    return 1 if wrong or share < 0.99 else 0


def judge_bundle(arguments):
    verdict = Verdict(Race(arguments.bundle), analyze(arguments.inquest, arguments.bundle))
    print("\n".join(verdict.words))
    return report(arguments, {}, verdict.counts)


def shrink_bundle(arguments):
    def words(folder):
        return Verdict(Race(folder), analyze(arguments.inquest, folder)).words
    shrink(arguments.shrink, arguments.shrink.rstrip("/") + "-small", words)
    return 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inquest", type=os.path.abspath)
    parser.add_argument("--simulator", type=os.path.abspath, help="the program that simulates; default: the one judged")
    parser.add_argument("--seeds", default="1..100", help="A..B, both included")
    parser.add_argument("--faults", default="all", help="all, or names separated by commas")
    parser.add_argument("--jobs", type=int, default=1, help="races judged at a time")
    parser.add_argument("--keep", default=".build/oracles/plans", help="folder for failing races")
    parser.add_argument("--show", type=int, default=5, help="failures of each kind to print")
    parser.add_argument("--bundle", help="judge this race only")
    parser.add_argument("--shrink", help="make this failing race small, in a folder beside it")
    arguments = parser.parse_args()
    arguments.simulator = arguments.simulator or arguments.inquest
    run = shrink_bundle if arguments.shrink else judge_bundle if arguments.bundle else judge_seeds
    sys.exit(run(arguments))


if __name__ == "__main__":
    main()
