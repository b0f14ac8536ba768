"""Random small bundles: actors that talk, and what real logs make of it. The same seed makes the same files."""
import datetime
import json
import os
import random

SECOND = 10**9
START = 1_760_940_000 * SECOND
FAULTS = ["skew", "hours", "mixed", "no-clocks", "lost-cause", "creators", "same-id", "duplicate", "overlap",
          "disorder", "restart", "gap", "conflict", "cycle", "late-creation", "newest-first", "parts", "rotated",
          "one-file", "interleaved", "equal-times", "no-time", "lost-log", "pods", "no-own-entry", "spike", "dip",
          "unordered", "step", "far-disorder", "crash-loop", "odd-causes", "enqueuers", "text-plan", "time-forms"]


class RandomBundle:
    """A bundle of a seed. `files` maps names to lists of lines, as dictionaries."""

    def __init__(self, seed, only=None, without=()):
        self.random = random.Random(seed)
        draw = self.random
        if only:
            self.faults = only.split(",")
        else:
            drawn = draw.sample(FAULTS, draw.choice([0, 1, 1, 2, 2, 3, 4, 6]))
            self.faults = sorted(set(drawn) - set(without))
        self.names = draw.sample(["a", "b", "c", "dns-store", "enactor-2", "z", "Ä", "planner"], draw.randint(1, 6))
        self.logs = {name: [] for name in self.names}
        self.simulate(draw.choice([draw.randint(1, 12), draw.randint(1, 60)]))
        self.spoil()
        self.files = self.pack()

    def has(self, fault):
        return fault in self.faults

    # What happens.

    def simulate(self, count):
        draw = self.random
        step = draw.choice([SECOND // 1000, SECOND, 40 * SECOND])
        knows = {name: {} for name in self.names}
        sent, plans, items = [], [], []
        time = START
        restarts = {name: {draw.randint(2, 12)} for name in self.names if self.has("restart") and draw.random() < 0.6}
        if self.has("crash-loop"):
            length = draw.randint(1, 4)
            restarts[draw.choice(self.names)] = set(range(length, 60, length))
        for number in range(count):
            name = draw.choice(self.names)
            time += draw.randint(0, step) if draw.random() < 0.9 else 0
            clock = knows[name]
            if len(self.logs[name]) in restarts.get(name, ()):
                clock.pop(name, None)
            record = {"time": time, "actor": name, "event": "step", "n": number}
            kind = draw.random()
            if kind < 0.2:
                record.update(event="send", id=f"m{number}")
                sent.append((name, f"m{number}", number))
            elif kind < 0.4 and sent:
                sender, message, at = draw.choice(sent[-6:])
                record.update(event="receive", causes=[message])
                for actor, entry in self.snapshots[at].items():
                    clock[actor] = max(clock.get(actor, 0), entry)
            elif kind < 0.48:
                plan = draw.choice(plans)[0] if plans and self.has("creators") else len(plans) + 1
                record.update(event="plan.created", plan=plan)
                if draw.random() < 0.3:
                    record["endpoint"] = draw.choice(["x", "y"])
                plans.append((plan, record.get("endpoint")))
            elif kind < 0.6 and plans:
                plan, endpoint = draw.choice(plans)
                record.update(event="plan.applied", plan=str(plan) if self.has("text-plan") else plan,
                              endpoint=endpoint or draw.choice(["x", "y"]))
            elif kind < 0.68:
                record.update(event="work.enqueued", queue=draw.choice(["q", "r"]), item=f"i{len(items)}")
                items.append((record["queue"], record["item"]))
                if draw.random() < 0.2:
                    record["id"] = record.pop("item")
                if self.has("enqueuers") and draw.random() < 0.4:
                    record["queue"], record["item"] = draw.choice(items)
            elif kind < 0.76 and items:
                queue, item = draw.choice(items)
                record.update(event="work.completed", queue=queue, item=item)
            elif kind < 0.84:
                # A message that only the clocks tell of.
                for actor, entry in knows[draw.choice(self.names)].items():
                    if actor != name:
                        clock[actor] = max(clock.get(actor, 0), entry)
            clock[name] = clock.get(name, 0) + 1
            record["vc"] = dict(clock)
            self.snapshots[number] = dict(clock)
            self.logs[name].append(record)

    @property
    def snapshots(self):
        if not hasattr(self, "_snapshots"):
            self._snapshots = {}
        return self._snapshots

    # What the logs make of it.

    def spoil(self):
        draw = self.random
        everything = [record for log in self.logs.values() for record in log]
        if self.has("no-clocks"):
            without = set(self.names)
        else:
            without = {name for name in self.names if self.has("mixed") and draw.random() < 0.4}
        for record in everything:
            if record["actor"] in without or (self.has("mixed") and draw.random() < 0.35):
                record.pop("vc", None)
        if self.has("step"):
            for log in self.logs.values():
                if len(log) > 3 and draw.random() < 0.7:
                    at, back = draw.randrange(1, len(log)), draw.randint(1, 40) * SECOND
                    for record in log[at:]:
                        record["time"] -= back
        if self.has("skew"):
            self.shift([1, 5, 20, 60, 90])
        if self.has("hours"):
            self.shift([3600, 330 * 60, 900])
        if self.has("equal-times"):
            for record in everything:
                record["time"] -= record["time"] % (draw.choice([1, 10]) * SECOND)
        if self.has("lost-cause"):
            for record in everything:
                if draw.random() < 0.2:
                    record["causes"] = record.get("causes", []) + [f"lost-{draw.randint(0, 5)}"]
        if self.has("same-id"):
            ids = [record for record in everything if "id" in record]
            for record in ids[1:]:
                if draw.random() < 0.4:
                    record["id"] = draw.choice(ids)["id"]
        if self.has("cycle") and len(everything) > 2:
            for _ in range(draw.randint(1, 2)):
                one, later = sorted(draw.sample(everything, 2), key=lambda r: r["n"])
                if draw.random() < 0.6 or "vc" not in one or "vc" not in later or one["actor"] == later["actor"]:
                    later.setdefault("id", f"late{later['n']}")
                    one["causes"] = one.get("causes", []) + [later["id"]]
                else:
                    one["vc"][later["actor"]] = later["vc"][later["actor"]]
        if self.has("odd-causes"):
            for record in everything:
                if draw.random() < 0.15:
                    odd = [record.get("id", "none"), "m0", "m1", "m1"]
                    twice = record.get("causes", []) * 2
                    record["causes"] = draw.choice([draw.sample(odd, 3), "m0", [], twice, {"a": 1}])
        if self.has("late-creation"):
            created = [record for record in everything if record["event"] == "plan.created"]
            for record in draw.sample(created, min(len(created), 2)):
                # Logged after its first use, by the same clock.
                log = self.logs[record["actor"]]
                at = log.index(record)
                record["event"], to = "step", draw.randrange(at, len(log))
                plan = record.pop("plan")
                if "plan" not in log[to] and log[to]["event"] == "step":
                    log[to].update(event="plan.created", plan=plan)
        if self.has("no-own-entry"):
            for record in everything:
                if "vc" in record and draw.random() < 0.08:
                    record["vc"] = draw.choice([
                        {k: v for k, v in record["vc"].items() if k != record["actor"]}, [], "clock",
                        {**record["vc"], record["actor"]: "7"}, {**record["vc"], record["actor"]: -1}])
        for fault, wrong in (("spike", lambda entry: entry + draw.randint(1, 900)),
                             ("dip", lambda entry: draw.randrange(max(1, entry)))):
            for record in everything if self.has(fault) else []:
                clock = record.get("vc")
                others = [name for name in clock if name != record["actor"]] if isinstance(clock, dict) else []
                if others and draw.random() < 0.1:
                    other = draw.choice(others)
                    clock[other] = wrong(clock[other])
        if self.has("no-time"):
            for record in everything:
                if draw.random() < 0.08:
                    record["time"] = None
        if self.has("conflict"):
            for log in self.logs.values():
                for at in reversed(range(len(log))):
                    if "vc" in log[at] and draw.random() < 0.1:
                        twin = {**log[at], "n": log[at]["n"] + 1000, "event": "twin"}
                        twin.pop("id", None)
                        if twin["time"] is not None:
                            twin["time"] += draw.choice([0, 0, 1, SECOND])
                        log.insert(at + 1, twin)
        if self.has("gap"):
            for name, log in self.logs.items():
                self.logs[name] = [record for record in log if draw.random() > 0.12]
        if self.has("lost-log"):
            self.logs[draw.choice(self.names)] = []

    def shift(self, seconds):
        for log in self.logs.values():
            offset = self.random.choice([0, 1, -1]) * self.random.choice(seconds) * SECOND
            for record in log:
                record["time"] += offset

    def pack(self):
        draw = self.random
        files = {}
        for name, log in self.logs.items():
            base = f"{name}.log"
            if self.has("disorder"):
                for at in range(len(log) - 1):
                    if draw.random() < 0.12:
                        log[at], log[at + 1] = log[at + 1], log[at]
            if self.has("far-disorder"):
                for at in range(len(log)):
                    if draw.random() < 0.1:
                        record = log.pop(at)
                        log.insert(max(0, min(len(log), at + draw.randint(-6, 6))), record)
            if self.has("unordered") and draw.random() < 0.5:
                part = log[:draw.randint(2, 6)]
                draw.shuffle(part)
                log[:len(part)] = part
            if self.has("parts") and len(log) >= 4 and draw.random() < 0.7:
                cut = draw.randint(2, len(log) - 2)
                log = log[cut:] + log[:cut]
            if self.has("newest-first") and draw.random() < 0.7:
                log = log[::-1]
            if self.has("duplicate"):
                for at in reversed(range(len(log))):
                    if draw.random() < 0.12:
                        log.insert(min(len(log), at + draw.randint(1, 3)), log[at])
            if self.has("rotated") and len(log) >= 3:
                cuts = sorted(draw.sample(range(1, len(log)), draw.choice([1, 2])))
                parts = [log[a:b] for a, b in zip([0] + cuts, cuts + [len(log)])]
                for age, part in enumerate(reversed(parts)):
                    files[base + (f".{age}" if age else "")] = part
            elif self.has("overlap") and len(log) >= 4:
                a, b = sorted(draw.sample(range(1, len(log)), 2))
                files[f"{name}-one.log"], files[f"{name}-two.log"] = log[:b], log[a:]
            elif self.has("pods") and len(log) >= 4 and draw.random() < 0.7:
                one = [record for record in log if draw.random() < 0.5]
                files[f"{name}-x.log"], files[f"{name}-y.log"] = one, [r for r in log if r not in one]
            else:
                files[base] = log
        if self.has("one-file"):
            files = {"all.log": [record for log in files.values() for record in log]}
        elif self.has("interleaved"):
            rest, merged = [list(log) for log in files.values() if log], []
            while rest:
                log = draw.choice(rest)
                merged.append(log.pop(0))
                rest = [log for log in rest if log]
            files = {"all.log": merged}
        return {name: log for name, log in files.items() if log}

    # Lines.

    def write(self, folder):
        for name, log in self.files.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write("".join(self.line(record) + "\n" for record in log))

    def line(self, record):
        fields = {"ts": self.form(record["time"])}
        fields.update({key: value for key, value in record.items() if key != "time"})
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


    def form(self, time):
        """A time in one of the forms that a time may have."""
        if time is None or not self.has("time-forms"):
            return stamp(time)
        return self.random.choice([time, str(time), stamp(time).replace("Z", "+00:00"), stamp(time).replace("T", " "),
                                   stamp(time + 3600 * SECOND).replace("Z", "+0100"), stamp(time).replace(".", ",")])


def stamp(time):
    if time is None:
        return 0
    moment = datetime.datetime.fromtimestamp(time // SECOND, datetime.timezone.utc)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{time % SECOND:09d}Z"
