#!/usr/bin/env python3
"""Checks whole reports of simulated incidents against the simulator's own truth, and their figures against the raw logs.

  cascade_oracle.py INQUEST [--simulator INQUEST] [--seeds FIRST..LAST] [--scenario NAME ...] [--damage] [--verbose]
  cascade_oracle.py INQUEST --bundle FOLDER

For each scenario and seed (with --damage also with lost, doubled and broken lines and skewed clocks):
  contradiction  no two findings tell of one queue, service or actor at one time; a collapse lies in a backlog; nobody is both
                 hit and unaffected; no effect begins before what began it; the words of an ending fit the two ends
  recall         every window of the truth is found; printed by kind
  edges          each edge of the cascade is one of the truth's dependencies or a chain of them
  endings        what is said to have ended a window is an act of the truth, on that component or one that it hangs on
  figures        each count of a window is that of the records between its two times (undamaged logs only)
  sentences      who wrote, deleted and restored what, how many writes were refused, the check's age and the newer plans, as the truth has it
"""
import argparse
import collections
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

SCENARIOS = ["us-east-1-2025-10-20", "quiet-day", "near-miss", "slow-drain", "retry-storm"]
DAMAGE = ["--loss", "0.002", "--duplicate", "0.002", "--corrupt", "0.0005", "--skew", "2"]
PLANS = {"stale-plan-overwrite", "active-plan-deleted", "endpoint-emptied", "automation-wedged", "stale-check", "rollback"}
# Acts that can end trouble; the others keep something away or are preparations.
HELPFUL = {"restore", "detour", "throttle work", "unthrottle work", "restart hosts", "restart", "failover off",
           "unthrottle launches", "shed retries"}
SLACK = 5 * 60.0


def seconds(text):
    """Seconds of the day, exactly enough: all logs are of one day."""
    if text is None:
        return None
    hour, minute, rest = text.rstrip("Z").split("T")[1].split(":")
    return int(hour) * 3600 + int(minute) * 60 + float(rest)


def component(finding):
    """The truth's name of what a finding is about."""
    actor, service = finding.get("actor") or "", finding.get("service")
    if finding["kind"] in PLANS:
        return "endpoint"
    if service:
        return {"orders": "order-frontend"}.get(service, service)
    for prefix, name in (("droplet-host", "droplet-manager"), ("health-checker", "health-checkers"), ("ec2-api", "ec2")):
        if actor.startswith(prefix):
            return name
    return actor


class Bundle:
    """The raw logs of a simulated bundle, read on demand."""

    def __init__(self, folder):
        self.folder, self.known = folder, {}

    def records(self, actor):
        if actor not in self.known:
            rows = []
            for path in sorted(glob.glob(os.path.join(self.folder, f"{actor}.jsonl*"))):
                text = subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout
                rows += [json.loads(line) for line in text.splitlines()]
            for row in rows:
                row["at"] = seconds(row["ts"])
            self.known[actor] = rows
        return self.known[actor]


def within(rows, low, high):
    # Times are printed in nanoseconds and read as doubles.
    return [r for r in rows if low - 1e-6 <= r["at"] <= high + 1e-6]


def figure(finding, name):
    return next((f["value"] for f in finding.get("figures", []) if f["name"] == name), None)


def recounted(finding, bundle, end):
    """(name, said, counted) of each figure that is a count of a span's records."""
    kind, actor = finding["kind"], finding.get("actor")
    low, high = seconds(finding["at"]), seconds(finding.get("until")) or end
    said = [f for f in finding.get("figures", [])]
    out = []

    def shares(rows, is_bad):
        counts = [f["value"] for f in said if f["unit"] == "count"][:2]
        out.append(("tried", counts[0], len(rows)))
        out.append(("bad", counts[1], sum(map(is_bad, rows))))

    if kind == "launch-failure":
        shares(within([r for r in bundle.records(actor) if r["event"] in ("launch.ok", "launch.failed")], low, high),
               lambda r: r["event"] == "launch.failed")
    elif kind == "lease-expiry":
        shares(within([r for r in bundle.records(actor) if r["event"].startswith("lease.") and "renew" in r["event"]
                       or r["event"] in ("lease.failed", "lease.expired")], low, high),
               lambda r: r["event"] != "lease.renewed")
    elif kind == "propagation-delay" and "took more than" not in finding["summary"]:
        shares(within([r for r in bundle.records(actor) if r["event"] in ("state.propagated", "state.delayed")], low, high),
               lambda r: r["event"] == "state.delayed" or r.get("latency_ms", 0) > 60_000)
    elif kind == "service-impact" and "failed" in finding["summary"]:
        first = finding["evidence"][0]["actor"]
        rows = within([r for r in bundle.records(first)
                       if r["event"] == "service.sampled" and r["service"] == finding["service"]], low, high)
        counts = [f["value"] for f in said if f["unit"] == "count"][:2]
        bad = [r.get("errors", 0) + r.get("throttles", 0) for r in rows]
        out.append(("tried", counts[0], sum(max(r["requests"], b) for r, b in zip(rows, bad))))
        out.append(("bad", counts[1], sum(bad)))
    elif kind == "health-flapping":
        last, changes = {}, 0
        for r in bundle.records(actor):
            if r["event"] == "target.health":
                changed = last.get(r["endpoint"], "healthy") != r["state"]
                last[r["endpoint"]] = r["state"]
                changes += changed and low - 1e-6 <= r["at"] <= high + 1e-6
        out.append(("changes", figure(finding, "changes of health"), changes))
    elif kind == "retry-storm" and figure(finding, "attempts") is not None:
        event = finding["evidence"][0]["event"]
        shares(within([r for r in bundle.records(actor) if r["event"] == event and "attempt" in r
                       and r.get("queue") == finding.get("queue")], low, high), lambda r: r["attempt"] > 1)
    elif kind in ("backlog-onset", "congestive-collapse"):
        parts = {e["part"]: e for e in finding["evidence"]}
        samples = [r for r in bundle.records(actor) if r["event"] == "queue.sampled" and r["queue"] == finding["queue"]]
        if kind == "backlog-onset":
            if any(e["event"] != "queue.sampled" for e in parts.values()):
                return out
            peak = seconds(parts["the peak"]["ts"])
            out.append(("peak depth", figure(finding, "peak depth"),
                        next(r["depth"] for r in samples if abs(r["at"] - peak) < 1e-6)))
            spans = (seconds(parts["the alarm"]["ts"]), peak)
        else:
            before = [r["at"] for r in samples if r["at"] < low - 1e-6]
            spans = (before[-1] if before else low, high)
        counted = [r for r in samples if spans[0] + 1e-6 < r["at"] <= spans[1] + 1e-6]
        length = spans[1] - spans[0]
        if counted and length > 0 and figure(finding, "arrivals") is not None:
            for name, field in (("arrivals", "arrived"), ("completions", "completed"), ("failures", "failed")):
                out.append((name, round(figure(finding, name), 6), round(sum(r.get(field, 0) for r in counted) / length, 6)))
    return out


class Check:
    def __init__(self, arguments, scenario, seed, damage):
        self.name = f"{scenario}-{seed}" + ("-damaged" if damage else "")
        self.wrong, self.recall, self.figures = [], collections.Counter(), 0
        with tempfile.TemporaryDirectory() as scratch:
            folder = arguments.bundle or os.path.join(arguments.keep or scratch, self.name)
            if not os.path.exists(os.path.join(folder, "truth.json")):
                subprocess.run([arguments.simulator or arguments.inquest, "simulate", scenario, "--seed", str(seed), "-q", "--force",
                                "-o", folder] + (DAMAGE if damage else []), check=True)
            with open(os.path.join(folder, "truth.json")) as file:
                self.truth = json.load(file)
            run = subprocess.run([arguments.inquest, "analyze", folder, "--format", "json", "-q"], capture_output=True, text=True)
            if run.returncode not in (0, 3):
                self.say("status", f"exit status {run.returncode}: {run.stderr[-200:]}")
                return
            report = json.loads(run.stdout)
            self.end = seconds(self.truth["until"])
            self.findings = [f for f in report["findings"] if f["severity"] != "info"]
            self.by_id = {f["id"]: f for f in report["findings"]}
            self.cascade = report.get("cascade") or {"windows": [], "edges": [], "unaffected": []}
            self.graph = self.dependencies()
            self.contradictions()
            self.recalls()
            self.edges()
            self.endings()
            if not damage:
                bundle = Bundle(folder)
                self.recounts(bundle)
                self.sentences(bundle)

    def say(self, what, text):
        self.wrong.append((what, text))

    def span(self, finding):
        return seconds(finding["at"]), seconds(finding.get("until")) or (self.end if finding.get("lasts") else seconds(finding["at"]))

    def contradictions(self):
        by = collections.defaultdict(list)
        for f in self.findings:
            if f.get("until") or f.get("lasts"):
                by[f["kind"], f.get("queue"), f.get("service"), None if f.get("service") else f.get("actor"), f.get("endpoint")].append(f)
        for key, group in by.items():
            group.sort(key=lambda f: f["at"])
            for a, b in zip(group, group[1:]):
                if self.span(b)[0] < self.span(a)[1]:
                    self.say("contradiction", f"{a['label']} and {b['label']} are of {key}: {a['summary']} | {b['summary']}")
        for f in self.findings:
            low, high = self.span(f)
            if high < low:
                self.say("contradiction", f"{f['label']} ends before it begins")
            if f["kind"] == "congestive-collapse" and not any(
                    b["kind"] == "backlog-onset" and b["queue"] == f["queue"] and b["actor"] == f["actor"]
                    and self.span(b)[0] <= low and high <= self.span(b)[1] for b in self.findings):
                self.say("contradiction", f"{f['label']} collapses outside of any backlog")
            if f.get("service") in self.cascade["unaffected"]:
                self.say("contradiction", f"{f['label']}: {f['service']} is said to be unaffected")
            began = f.get("began")
            if began and not seconds(began["from"]) <= low <= seconds(began["to"]):
                self.say("contradiction", f"{f['label']} begins {f['at']}, outside of its own interval {began}")

    def dependencies(self):
        """What each component's trouble can lead to, directly or not."""
        direct = collections.defaultdict(set)
        for edge in self.truth["edges"]:
            direct[edge["from"]].add(edge["to"])
        reach = {}
        for start in {e["from"] for e in self.truth["edges"]}:
            seen, open_ = {start}, [start]
            while open_:
                for to in direct[open_.pop()]:
                    if to not in seen:
                        seen.add(to)
                        open_.append(to)
            reach[start] = seen
        return reach

    def recalls(self):
        wanted = [("backlog-onset", b["actor"], b["onset"], b["end"]) for b in self.truth["backlogs"]]
        wanted += [("congestive-collapse", c["actor"], c["at"], c["until"]) for c in self.truth["collapses"]]
        wanted += [("retry-storm", "order-frontend" if s["actor"] == "order-clients" else s["actor"], s["at"], s["until"])
                   for s in self.truth["storms"]]
        wanted += [("service-impact", i["service"], i["from"], i["until"]) for i in self.truth["impacts"]]
        wanted += [("automation-wedged", w["endpoint"], w["at"], w["until"]) for w in self.truth["wedges"]]
        wanted += [("endpoint-emptied", w["endpoint"], w["at"], w["until"]) for w in self.truth["emptied"]]
        for kind, subject, at, until in wanted:
            low, high = seconds(at), seconds(until) or self.end
            hit = any(f["kind"] == kind and subject in (f.get("service"), f.get("actor"), f.get("endpoint"))
                      and self.span(f)[0] - 120 <= high and low <= self.span(f)[1] + 120 for f in self.findings)
            self.recall[kind, hit] += 1
            if not hit:
                self.say("missed", f"{kind} of {subject} from {at} to {until}")

    def window(self, identifier):
        return next(w for w in self.cascade["windows"] if identifier in w["findings"])

    def edges(self):
        for edge in self.cascade["edges"]:
            a, b = self.by_id[edge["from"]], self.by_id[edge["to"]]
            from_, to = component(a), component(b)
            if from_ != to and to not in self.graph.get(from_, ()):
                self.say("edge", f"{a['label']} {a['kind']} of {from_} {edge['role']} {b['label']} {b['kind']} of {to}")
            if edge["role"] == "began" and seconds(self.window(edge["to"])["at"]) < seconds(self.window(edge["from"])["at"]) - 1e-6:
                self.say("contradiction", f"{b['label']} ({b['kind']} of {to}, {b['at']}) begins before {a['label']} ({a['kind']} of "
                         f"{from_}, {a['at']}), which began it")

    def endings(self):
        if "interventions" not in self.truth:
            self.say("truth", "names no interventions: it was made by an older simulator (make sample)")
            return
        for window in self.cascade["windows"]:
            finding = self.by_id[window["findings"][0]]
            high = seconds(window["until"]) or self.end
            trigger = window.get("trigger")
            if trigger:
                until = seconds(self.window(trigger)["until"]) or self.end
                word = "with-trigger" if abs(high - until) <= SLACK else "outlived" if high > until else "before-trigger"
                if window["ending"] != word:
                    self.say("ending", f"{finding['label']} is said to end {window['ending']}, and ended {word}")
            act = window.get("ended_by")
            if act is None:
                continue
            at, mine = seconds(act["ts"]), component(finding)
            causes = {c for c, reached in self.graph.items() if mine in reached} | {mine}
            known = [i for i in self.truth["interventions"] if -130 <= seconds(i["at"]) - at <= 2 or
                     i["act"] == "restart hosts" and -600 <= seconds(i["at"]) - at <= 2]
            fitting = [i for i in known if i["act"] in HELPFUL and i["component"] in causes]
            if not fitting:
                self.say("ending", f"{finding['label']} {finding['kind']} of {mine} until {window['until']} is said to have ended by "
                         f"{act['event']} of {act['actor']} at {act['ts']}; the truth has {known}")
            if at < seconds(window["at"]):
                self.say("ending", f"{finding['label']} is said to have ended by an act ahead of it")

    def recounts(self, bundle):
        for finding in self.findings:
            for name, said, counted in recounted(finding, bundle, self.end):
                self.figures += 1
                if said is None or abs(said - counted) > 1e-5 * max(1, abs(counted)):
                    self.say("figure", f"{finding['label']} {finding['kind']} of {component(finding)}: {name} is said to be {said}, and is "
                             f"{counted}: {finding['summary']}")


    def sentences(self, bundle):
        """The sentences about plans, and the parts of a window that ended in different ways, against the truth and the records."""
        truth = self.truth
        for f in self.findings:
            text = f["summary"]
            said = [int(n.replace(",", "")) for n in re.findall(r"\b\d[\d,]*\b", text)]
            wanted = []
            if f["kind"] == "stale-plan-overwrite":
                o = next(o for o in truth["overwrites"] if (o["endpoint"], o["plan"]) == (f["endpoint"], f["plan"]))
                created = {r["plan"] for r in bundle.records("planner")
                           if r["event"] == "plan.created" and seconds(o["checked_at"]) < r["at"] < seconds(o["at"])
                           and o["plan"] < r["plan"] <= o["displaced"]}
                # Durations of minutes are cut to the second.
                age = int(seconds(o["at"]) - seconds(o["checked_at"]))
                wanted = [o["actor"], f"plan {o['plan']} over plan {o['displaced']}", f"{age // 60} min {age % 60} s",
                          f"{len(created)} plans"]
            elif f["kind"] == "active-plan-deleted":
                d = next(d for d in truth["deletions"] if d["plan"] == f["plan"])
                wanted = [d["actor"], f"plan {d['plan']}"]
            elif f["kind"] == "automation-wedged":
                w = next(w for w in truth["wedges"] if w["endpoint"] == f["endpoint"])
                wanted = [f"{w['refusals']:,} writes", f"{len(w['actors'])} actors"]
            elif f["kind"] == "launch-failure" and ": " in text:
                rows = within([r for r in bundle.records(f["actor"]) if r["event"] == "launch.failed"], *self.span(f))
                ways = collections.Counter(r.get("outcome", "error") for r in rows)
                wanted = [f"{count:,} {dict(error='with an error', timeout='timed out').get(way, way)}" for way, count in ways.items()]
                if len(ways) < 2:
                    wanted = []
            for part in wanted:
                self.figures += 1
                if part not in text:
                    self.say("sentence", f"{f['label']} does not say '{part}': {text}")
            if f["kind"] in PLANS and "refus" in text and not said:
                self.say("sentence", f"{f['label']} counts nothing: {text}")


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("inquest")
    a.add_argument("--simulator")
    a.add_argument("--seeds", default="1..3")
    a.add_argument("--scenario", action="append")
    a.add_argument("--damage", action="store_true", help="with and without damage")
    a.add_argument("--bundle", help="a simulated bundle, with its truth.json, instead of new ones")
    a.add_argument("--keep", help="folder for the bundles, made once")
    a.add_argument("--jobs", type=int, default=2)
    a.add_argument("--verbose", action="store_true", help="print every fault, not three of a sort")
    o = a.parse_args()
    first, _, last = o.seeds.partition("..")
    work = [("bundle", 0, False)] if o.bundle else [(scenario, seed, damage) for scenario in o.scenario or SCENARIOS
            for seed in range(int(first), int(last or first) + 1) for damage in ([False, True] if o.damage else [False])]
    with ThreadPoolExecutor(o.jobs) as pool:
        checks = list(pool.map(lambda item: Check(o, *item), work))
    faults, recall = collections.defaultdict(list), collections.Counter()
    for check in checks:
        recall.update(check.recall)
        for what, text in check.wrong:
            faults[what].append(f"{check.name}: {text}")
    for what, texts in sorted(faults.items()):
        for text in texts if o.verbose else texts[:3]:
            print(f"{what}: {text}")
        if len(texts) > 3 and not o.verbose:
            print(f"{what}: and {len(texts) - 3} more")
    kinds = sorted({kind for kind, _ in recall})
    print(f"cascades: {len(checks)} reports, {sum(c.figures for c in checks)} figures recounted, "
          f"{sum(map(len, faults.values()))} faults; found "
          + ", ".join(f"{recall[k, True]} of {recall[k, True] + recall[k, False]} {k}" for k in kinds))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
