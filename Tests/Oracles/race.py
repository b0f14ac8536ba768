"""A simulated race: the stores' true history, and the records of it that are left in its logs."""
import json
import os
import re
import subprocess
from collections import Counter, defaultdict

OK_WORDS = {"ok", "success", "succeeded", "applied", "true"}


class Line:
    """A record that is left: its fields, and where it stands."""

    def __init__(self, text, file, number, log):
        self.fields = json.loads(text)
        self.file, self.number, self.log = file, number, log
        self.clock = self.fields.get("vc")
        self.actor = self.fields["actor"]

    def __getitem__(self, key):
        return self.fields.get(key)

    @property
    def place(self):
        return self.file, self.number

    @property
    def own(self):
        return self.clock.get(self.actor) if self.clock else None

    def knows(self, other):
        """Whether the other record happened before this one by given clocks."""
        if other is None or not self.clock or not other.clock or other is self:
            return False
        return self.clock.get(other.actor, 0) >= other.own if self.actor != other.actor else other.own < self.own


class Effect:
    """A write, restoration or deletion that took effect on an endpoint, with the records of it that are left."""

    def __init__(self, race, fact, number):
        self.number = number
        for key in ("kind", "at", "endpoint", "plan", "displaced", "actor", "store", "seen"):
            setattr(self, key, fact[key])
        self.true_commit = fact["commit"]
        left = lambda actor, key: race.line(actor, fact[key]) if fact[key] else None
        self.check, self.started = left(self.actor, "check"), left(self.actor, "started")
        self.sending, self.answer = left(self.actor, "sending"), left(self.actor, "answer")
        self.emptied = left(self.store, "emptied")
        stored = left(self.store, "effect")
        # A store's `plan.removed` has no meaning to the analysis: of a deletion it is `record.emptied` that tells.
        self.stored = self.emptied if self.kind == "deletion" else stored
        self.stored_ordinal = fact["emptied"] if self.kind == "deletion" else fact["effect"]
        self.sending_ordinal = fact["sending"]

    @property
    def records(self):
        """What tells that it took effect."""
        return [r for r in (self.stored, self.answer) if r is not None]

    @property
    def is_left(self):
        return bool(self.records)

    @property
    def commit(self):
        return next((r["commit"] for r in self.records if r["commit"] is not None), None)

    @property
    def is_overwrite(self):
        return self.kind != "deletion" and self.plan < self.displaced

    def __repr__(self):
        left = "".join(mark if record else "-" for mark, record in
                       (("c", self.check), ("q", self.sending), ("a", self.answer), ("s", self.stored)))
        return f"{self.kind} of {self.plan} by {self.actor} over {self.displaced} (commit {self.true_commit}, {left})"


class Race:
    """A race in a folder, simulated with --faults."""

    def __init__(self, folder):
        with open(os.path.join(folder, "truth.json")) as file:
            self.truth = json.load(file)
        self.faults = set(self.truth["faults"])
        self.lines, self.ordinals, self.places = {}, defaultdict(dict), {}
        for log in self.truth["logs"]:
            texts = self.read(folder, log["log"])
            for ordinal, number in enumerate(log["lines"], 1):
                if number and (log["actor"], ordinal) not in self.lines:
                    text, file, at = texts[number - 1]
                    line = Line(text, file, at, log["log"])
                    self.lines[log["actor"], ordinal] = line
                    self.places[file, at] = (log["actor"], ordinal)
                elif number:
                    _, file, at = texts[number - 1]
                    self.places[file, at] = (log["actor"], ordinal)
        self.history = defaultdict(list)
        self.store_of = {fact["endpoint"]: fact["store"] for fact in self.truth["history"]}
        for number, fact in enumerate(self.truth["history"]):
            effect = Effect(self, fact, number)
            self.history[effect.endpoint].append(effect)

    @staticmethod
    def read(folder, log):
        """(text, file, line) of a log's lines, rotated files from the oldest."""
        parts = []
        for name in os.listdir(folder):
            match = re.fullmatch(re.escape(log) + r"\.jsonl(?:\.(\d+))?(?:\.zst)?", name)
            if match:
                parts.append((-int(match.group(1) or 0), name))
        texts = []
        for _, name in sorted(parts):
            path = os.path.join(folder, name)
            if name.endswith(".zst"):
                raw = subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout
            else:
                with open(path, "rb") as file:
                    raw = file.read()
            texts += [(text, name, at) for at, text in enumerate(raw.split(b"\n")[:-1], 1)]
        return texts

    def line(self, actor, ordinal):
        return self.lines.get((actor, ordinal))

    def records(self, *events):
        """All records left of some events, in their actors' true order."""
        return [line for _, line in sorted(self.lines.items()) if line["event"] in events]

    @property
    def is_counter_reset(self):
        return "reset-counters" in self.faults

    @property
    def commit_scope(self):
        """What commits count; None where there are none, or where two stores count and no answer names its store."""
        if "no-commits" in self.faults or {"sharded-store", "no-store-names"} <= self.faults:
            return None
        return "sparse" if "sparse-commits" in self.faults else \
            "endpoint" if "endpoint-commits" in self.faults else "store"

    def held_commits(self):
        """For each scope (a store, or a store's endpoint), the commits that some record left bears."""
        held = defaultdict(set)
        for line in self.records("change.committed", "plan.applied", "record.restored"):
            if line["commit"] is not None:
                store = self.store_of[line["endpoint"]]
                held[store].add(line["commit"])
                held[store, line["endpoint"]].add(line["commit"])
                if line.actor == store:
                    held["by itself", store].add(line["commit"])
        return held

    def doubtful_tries(self):
        """For each endpoint, tries of which no record says whether they took effect: pairs of sending and answer."""
        known = {(e.actor, e.sending_ordinal) for effects in self.history.values() for e in effects
                 if e.kind == "write" and e.is_left}
        by_actor = defaultdict(list)
        answers = Counter()
        for (actor, ordinal), line in sorted(self.lines.items()):
            if line["event"] in ("plan.applying", "plan.applied"):
                by_actor[actor].append((ordinal, line))
                answers[actor, line["endpoint"], line["plan"]] += line["event"] == "plan.applied"
        # Where the store's log holds as many effects of a plan as there were answers, none is left to doubt.
        stored = Counter((e.actor, e.endpoint, e.plan) for effects in self.history.values() for e in effects
                         if e.kind == "write" and e.stored is not None)
        tries = defaultdict(list)
        for actor, rows in by_actor.items():
            waiting = None
            for ordinal, line in rows + [(None, None)]:
                key = line and (line["endpoint"], line["plan"], line["attempt"])
                if waiting and (line is None or line["event"] == "plan.applying" or key != waiting[2]):
                    if (actor, waiting[0]) not in known:
                        tries[waiting[1]["endpoint"]].append((waiting[1], None))
                    waiting = None
                if line is None:
                    break
                if line["event"] == "plan.applying":
                    waiting = (ordinal, line, key)
                    continue
                sent, waiting = waiting, None
                about = actor, line["endpoint"], line["plan"]
                if line["outcome"] in ("timeout", "error") and not (sent and (actor, sent[0]) in known) \
                        and stored[about] < answers[about]:
                    tries[line["endpoint"]].append((sent and sent[1], line))
        return tries
