"""Random queues whose truth is known: what they offer and can serve is drawn first, then they are simulated and sampled.

A queue is served by `servers` workers; the offered load swings about its plan by an autoregressive factor, as real load does.
The onset of a backlog is the moment at which the plan's load first exceeds the plan's capacity.
"""
import json
import math
import os
import random

START = 1_760_918_400
DAY = 86_400.0
SHARP = ["surge", "slowdown", "outage", "partial-outage", "retry-storm", "twice"]
SLOW = ["ramp", "leak", "diurnal-overload"]
HARMLESS = ["calm", "diurnal", "batches", "bursts", "step", "restart"]
QUIET = ["second", "nights", "weeks", "partitions", "ten-minutes"]


def instant(seconds):
    """RFC 3339 of the seconds since the sets' first day."""
    import datetime
    at = datetime.datetime.fromtimestamp(START + seconds, datetime.timezone.utc)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Plan:
    """What a queue is offered and can serve, and when the one exceeds the other."""

    def __init__(self, kind, draw, interval, length):
        self.kind, self.interval, self.length = kind, interval, length
        self.servers = draw.choice([1, 2, 3, 5, 8, 13, 24])
        self.share = draw.uniform(0.35, 0.72)
        self.capacity = math.exp(draw.uniform(math.log(0.25), math.log(12)))
        self.swing, self.memory = draw.uniform(0.0, 0.2), draw.uniform(120, 1200)
        self.bends = []  # (from, to, factor of the load or of the capacity, which)
        self.day, self.phase = 0.0, draw.uniform(0, DAY)
        self.begin(draw)

    def load(self, t):
        base = self.share * self.capacity * (1 + self.day * math.sin(2 * math.pi * (t - self.phase) / DAY))
        for start, end, factor, which in self.bends:
            if which == "load" and start <= t < end:
                base *= factor
            elif which == "ramp" and t >= start:
                base *= 1 + (factor - 1) * max(0.0, min(1.0, (t - start) / (end - start)))
        return base

    def serve(self, t):
        now = self.capacity
        for start, end, factor, which in self.bends:
            if which == "serve" and start <= t < end:
                now *= factor
            elif which == "leak" and start <= t < end:
                now *= 1 + (factor - 1) * (t - start) / (end - start)
        return now

    def begin(self, draw):
        length, kind = self.length, self.kind
        at, lasts = draw.uniform(0.3, 0.6) * length, draw.uniform(0.04, 0.14) * length
        if kind in ("surge", "retry-storm"):
            self.bends = [(at, at + lasts, draw.uniform(1.25, 2.6) / self.share, "load")]
            if kind == "retry-storm":
                self.bends.append((at, at + lasts, draw.uniform(0.3, 0.6), "serve"))
        elif kind == "slowdown":
            self.bends = [(at, at + lasts, self.share * draw.uniform(0.35, 0.8), "serve")]
        elif kind == "outage":
            self.bends = [(at, at + 0.5 * lasts, 0.0, "serve")]
        elif kind == "partial-outage":
            self.bends = [(at, at + lasts, self.share * draw.uniform(0.5, 0.85), "serve")]
        elif kind == "twice":
            for at in (draw.uniform(0.15, 0.3) * length, draw.uniform(0.6, 0.75) * length):
                lasts = draw.uniform(0.03, 0.08) * length
                self.bends.append((at, at + lasts, draw.uniform(1.3, 2.2) / self.share, "load"))
        elif kind == "ramp":
            end = at + draw.uniform(0.1, 0.25) * length
            top = draw.uniform(1.15, 1.6) / self.share
            self.bends = [(at, end, top, "ramp"), (end + lasts, length + 1, 1 / top, "load")]
        elif kind == "leak":
            end = at + draw.uniform(0.12, 0.3) * length
            self.bends = [(at, end, self.share * draw.uniform(0.3, 0.7), "leak")]
        elif kind == "diurnal-overload":
            self.day = draw.uniform(0.3, 0.5)
            top = self.share * (1 + self.day)
            self.capacity *= top / draw.uniform(1.06, 1.3) / 1.0
            self.share = self.share / (top / draw.uniform(1.06, 1.3))
            # The day's highest load falls well inside the series.
            self.phase = draw.uniform(0.4, 0.6) * length - DAY / 4
        elif kind == "nights":
            # The same burst every night, which the queue drains by the morning.
            for night in range(int(length // DAY) + 1):
                at = night * DAY + 7200 + draw.uniform(-300, 300)
                self.bends.append((at, at + 2400, draw.uniform(1.25, 1.4) / self.share, "load"))
        elif kind == "weeks":
            # Five busy days and two calm ones.
            for day in range(int(length // DAY) + 1):
                if day % 7 >= 5:
                    self.bends.append((day * DAY, (day + 1) * DAY, 0.4, "load"))
        elif kind == "partitions":
            # Rebalances: a consumer pauses for some samples and then goes on.
            for _ in range(draw.randint(3, 8)):
                at = draw.uniform(0.05, 0.95) * length
                self.bends.append((at, at + draw.uniform(1, 3) * self.interval, 0.0, "serve"))
        elif kind == "second":
            self.capacity, self.share, self.swing = draw.choice([0.2, 1, 5, 20, 100]) / 0.6, 0.6, 0.0
        elif kind == "diurnal":
            self.day = draw.uniform(0.2, 0.9 / self.share - 1 if self.share > 0.6 else 0.45)
            self.day = max(0.0, min(self.day, 0.92 / self.share - 1))
        elif kind == "step":
            self.bends = [(at, length + 1, draw.uniform(1.1, 0.85 / self.share), "load")]
        elif kind == "bursts":
            for _ in range(draw.randint(2, 8)):
                at = draw.uniform(0.05, 0.95) * length
                self.bends.append((at, at + draw.uniform(0.5, 2) * self.interval, draw.uniform(1.2, 1.8) / self.share, "load"))
        elif kind == "batches":
            every = draw.uniform(0.02, 0.05) * length
            at = draw.uniform(0, every)
            while at < length:
                self.bends.append((at, at + self.interval, draw.uniform(1.5, 2.5) / self.share, "load"))
                at += every

    def onsets(self):
        """(onset, end of the overload) of every overload of the plan."""
        found, over, began, step = [], False, 0.0, self.interval / 10
        for index in range(int(self.length / step)):
            t = index * step
            now = self.load(t) > self.serve(t)
            if now and not over:
                began = t
            if over and not now:
                found.append((began, t))
            over = now
        if over:
            found.append((began, self.length))
        return found


def poisson(draw, mean):
    if mean <= 0:
        return 0
    if mean > 40:
        return max(0, round(draw.gauss(mean, math.sqrt(mean))))
    floor, product, count = math.exp(-mean), draw.random(), 0
    while product > floor:
        product *= draw.random()
        count += 1
    return count


def simulate(plan, draw, steps=5):
    """Samples of a queue: (time, depth, oldest age, arrived, completed, failed)."""
    step, inside, logarithm = plan.interval / steps, 0, 0.0
    keep = math.exp(-step / plan.memory)
    came, arrived, completed = [], 0, 0
    head = 0
    failing = draw.uniform(0.3, 0.7) if plan.kind == "retry-storm" else 0.0
    samples, counts = [], [0, 0, 0]
    restart = draw.uniform(0.3, 0.7) * plan.length if plan.kind == "restart" else math.inf
    for index in range(int(plan.length / step)):
        t = (index + 1) * step
        logarithm = keep * logarithm + math.sqrt(1 - keep * keep) * plan.swing * draw.gauss(0, 1)
        new = poisson(draw, plan.load(t) * step * math.exp(logarithm))
        if new:
            came.append((t, new))
        inside += new
        busy = min(1.0, max(inside - new / 2, 0) / plan.servers) if plan.servers > 1 else (1.0 if inside else 0.0)
        done = min(inside, poisson(draw, plan.serve(t) * busy * step))
        if restart <= t < restart + 3 * plan.interval:
            done = 0
        inside -= done
        left = done
        while left:
            at, n = came[head]
            take = min(left, n)
            left -= take
            if n == take:
                head += 1
            else:
                came[head] = (at, n - take)
        failed = sum(draw.random() < failing for _ in range(min(done, 200))) if inside > 4 * plan.servers and failing else 0
        counts[0] += new
        counts[1] += done - failed
        counts[2] += failed
        if (index + 1) % steps == 0:
            waiting = max(0, inside - plan.servers)
            oldest = max(0.0, t - came[head][0]) if waiting else 0.0
            samples.append([t, waiting, oldest] + counts)
            counts = [0, 0, 0]
    return samples


def truth(plan, samples):
    """The backlogs of a queue, and spans in which neither a finding nor its absence counts."""
    episodes, unclear = [], []
    usual = sorted(s[1] for s in samples)[len(samples) // 4]
    bound = max(5 * plan.interval, 5 * plan.servers / plan.capacity)
    for onset, end in plan.onsets():
        after = [s for s in samples if s[0] > onset]
        limit = max(4 * usual, 8, 3 * plan.interval * plan.share * plan.capacity)
        drained = next((s[0] for s in after if s[0] > end and s[1] <= limit), None)
        within = [s for s in after if drained is None or s[0] <= drained]
        top = max(within, key=lambda s: s[1], default=None)
        if top is None or top[1] < 3 * limit or (drained or plan.length) - onset < 15 * plan.interval:
            unclear.append((onset - 20 * plan.interval, (drained or plan.length) + 20 * plan.interval))
            continue
        climb = top[0] - onset
        episodes.append({"onset": onset, "peak": top[0], "recovered": drained, "climb": climb, "tolerance": max(5 * plan.interval, min(0.1 * climb, 1800))})
    # Overloads that run into each other are one backlog.
    joined = []
    for e in episodes:
        if joined and (joined[-1]["recovered"] is None or e["onset"] <= joined[-1]["recovered"] + 40 * plan.interval):
            joined[-1]["recovered"] = e["recovered"]
        else:
            joined.append(e)
    return {"kind": plan.kind, "interval": plan.interval, "length": plan.length, "bound": bound, "episodes": joined, "unclear": unclear}


def lines(name, samples, draw, fields="dfa", totals=False, fraction=False, drop=0.0):
    """A queue's log; `fields` says what is sampled: depth, flows, age."""
    sums = [0, 0, 0]
    for t, depth, oldest, arrived, completed, failed in samples:
        sums = [sums[0] + arrived, sums[1] + completed, sums[2] + failed]
        if draw.random() < drop:
            continue
        record = {"ts": instant(t), "actor": name, "event": "queue.sampled", "queue": "work"}
        if "f" in fields:
            flows = sums if totals else (arrived, completed, failed)
            for key, value in zip(("arrived", "completed", "failed"), flows):
                record[key + "_total" if totals else key] = value
        if "d" in fields:
            record["depth"] = round(depth + draw.uniform(-0.4, 0.4), 2) if fraction and depth >= 1 else depth
        if "a" in fields:
            record["oldest_ms"] = round(oldest * 1000)
        yield json.dumps(record, separators=(",", ":"))


def latencies(name, plan, draw):
    """Single propagations with what each took: all that is known of the queue."""
    free, t = 0.0, 0.0
    at = 0.0
    while at < plan.length:
        at += draw.expovariate(max(plan.load(at), 1e-9))
        rate = plan.serve(max(at, free))
        while rate <= 0:
            free = max(at, free) + plan.interval
            rate = plan.serve(free)
        free = max(at, free) + draw.expovariate(rate)
        if free < plan.length:
            yield free, json.dumps({"ts": instant(free), "actor": name, "event": "state.propagated", "endpoint": "e", "latency_ms": round((free - at) * 1000)})


def write(folder, seed, kinds, each=6, fields=None, fraction=False):
    """Writes a set of queues; returns its truth."""
    os.makedirs(os.path.join(folder, "bundle"), exist_ok=True)
    known = {}
    for kind in kinds:
        for number in range(each):
            name = f"{kind}-{number:02d}"
            draw = random.Random(f"{seed}/{name}/{fields}")
            interval, length = {
                "second": (1, 21_600), "nights": (60, 5 * DAY), "weeks": (300, 14 * DAY), "ten-minutes": (600, 7 * DAY),
            }.get(kind) or draw.choice([(10, 18_000), (15, 36_000), (30, 43_200), (60, 86_400)])
            plan = Plan(kind, draw, interval, length)
            with open(os.path.join(folder, "bundle", name + ".jsonl"), "w") as out:
                if fields == "latency":
                    plan.servers = 1
                    known[name] = truth(plan, simulate(plan, random.Random(name)))
                    out.writelines(line + "\n" for _, line in latencies(name, plan, draw))
                    continue
                samples = simulate(plan, draw)
                known[name] = truth(plan, samples)
                has = fields or draw.choice(["dfa", "dfa", "dfa", "df", "df", "fa", "f", "d", "da"])
                known[name]["fields"] = has
                out.writelines(line + "\n" for line in lines(
                    name, samples, draw, has, totals=draw.random() < 0.4, fraction=fraction, drop=draw.choice([0, 0, 0, 0.02])))
    json.dump(known, open(os.path.join(folder, "truth.json"), "w"))
    return known
