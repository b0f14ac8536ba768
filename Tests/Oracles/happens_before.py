"""Happened-before over a bundle, and the one linear extension that the contract defines: naively, by all pairs."""
from collections import defaultdict

from bundle import SECOND, Ambiguous
from own_order import is_ordered, own_orders, refuse_timeless_disputes

MAX_SKEW = 60 * SECOND


class Order:
    """Records of a bundle, the edges between them (each with the rule it comes from), and their sequence."""

    def __init__(self, records):
        self.orders = own_orders(records)
        self.records = [r for processes in self.orders.values() for process in processes for r in process]
        self.position = {id(r): n for n, r in enumerate(self.records)}
        self.edges = defaultdict(set)
        for processes in self.orders.values():
            for process in processes:
                refuse_timeless_disputes(process)
        self.add_own()
        self.add_causes()
        self.add_creations()
        self.add_items()
        doubtful = self.add_clocks()
        self.add_doubtful(doubtful)
        self.break_cycles()
        self.times = self.effective_times()
        self.after = self.closure()
        self.sequence = self.extension()
        assert len(self.sequence) == len(self.records), "a cycle is left"

    def add(self, one, other, rule):
        if one is not other:
            self.edges[self.position[id(one)], self.position[id(other)]].add(rule)

    def add_own(self):
        for processes in self.orders.values():
            for process in processes:
                for n, one in enumerate(process):
                    for other in process[n + 1:]:
                        if is_ordered(one, other):
                            self.add(one, other, "own order")

    def firsts(self, key):
        """For each key, its first record where one process alone has it."""
        found = defaultdict(lambda: defaultdict(list))
        for record in self.records:
            for k in key(record):
                found[k][record.actor, record.process].append(record)
        firsts = {}
        for k, by in found.items():
            if len(by) == 1:
                first, *later = next(iter(by.values()))
                if not all(is_ordered(first, other) for other in later):
                    raise Ambiguous("which of an actor's records is the first of a name rests on an ambiguous range")
                firsts[k] = first
        return firsts

    def add_causes(self):
        ids = self.firsts(lambda r: [r.fields["id"]] if isinstance(r.fields.get("id"), str) else [])
        for record in self.records:
            causes = record.fields.get("causes")
            if isinstance(causes, list) and not all(isinstance(name, str) for name in causes):
                raise Ambiguous("not all causes of a record are strings")
            for name in causes if isinstance(causes, list) else []:
                if name in ids:
                    self.add(ids[name], record, "cause")

    def add_creations(self):
        created = self.firsts(
            lambda r: [(r.plan, r.endpoint)] if r.event == "plan.created" and r.plan is not None else [])
        for record in self.records:
            if record.plan is None or record.clock is not None:
                continue
            for endpoint in {record.endpoint, None}:
                creation = created.get((record.plan, endpoint))
                if creation is not None and creation.actor != record.actor:
                    self.add(creation, record, "creation")

    def add_items(self):
        def key(record):
            item = record.fields.get("item", record.fields.get("id"))
            return [(record.fields.get("queue"), item)] if isinstance(item, str) else []
        enqueued = self.firsts(lambda r: key(r) if r.event == "work.enqueued" else [])
        for record in self.records:
            if record.event == "work.completed" and record.clock is None:
                for k in key(record):
                    if k in enqueued:
                        self.add(enqueued[k], record, "item")

    def add_clocks(self):
        """Adds given entries; hands back those that a restart of the actor they name makes doubtful."""
        doubtful = []
        for record in self.records:
            for actor, count in (record.clock or {}).items():
                if actor == record.actor or count == 0 or len(self.orders.get(actor, [])) != 1:
                    continue
                process = self.orders[actor][0]
                counters = defaultdict(list)
                for r in process:
                    if r.counter is not None:
                        counters[r.incarnation].append(r.counter)
                if not counters:
                    continue
                lives = process[-1].incarnation + 1
                # The earliest incarnation that reaches the counter; where none does, the first was longer than its log.
                life = next((n for n in range(lives) if max(counters.get(n, [-1])) >= count), 0)
                known = [r for r in process
                         if r.incarnation < life
                         or r.incarnation == life and r.known_by is not None and r.known_by <= count]
                if lives == 1:
                    for r in known:
                        self.add(r, record, "clock")
                elif known:
                    doubtful.append((known, record))
        return doubtful

    def add_doubtful(self, doubtful):
        """Of a restarted actor's entries, those that neither happened-before nor a time beyond the skew contradicts."""
        if not doubtful:
            return
        firm = dict(self.edges)
        self.break_cycles()
        after = self.closure()
        self.edges = defaultdict(set, firm)
        for known, record in doubtful:
            counted = [r for r in known if r.counter is not None]
            if not counted:
                continue
            named = max(counted, key=lambda r: (r.incarnation, r.counter))
            twins = [r for r in counted if (r.incarnation, r.counter) == (named.incarnation, named.counter)]
            is_early = {None not in (record.time, r.time) and record.time < r.time - MAX_SKEW for r in twins}
            if len(is_early) > 1:
                raise Ambiguous("an entry names two records, of which one is too late by its time")
            if is_early == {True} or after[self.position[id(record)]] >> self.position[id(named)] & 1:
                continue
            for r in known:
                self.add(r, record, "clock")

    def break_cycles(self):
        """Drops creations and items inside a cycle, then causes inside one that is left, then every edge inside one."""
        for rules in ({"creation", "item"}, {"cause"}, {"own order", "clock", "cause", "creation", "item"}):
            component = self.components()
            for (x, y), why in list(self.edges.items()):
                if component[x] == component[y]:
                    why = why - rules
                    if why:
                        self.edges[x, y] = why
                    else:
                        del self.edges[x, y]

    def components(self):
        """Strongly connected components by reachability both ways."""
        after = self.closure()
        component = list(range(len(self.records)))
        for x in range(len(self.records)):
            for y in range(x):
                if after[x] >> y & 1 and after[y] >> x & 1:
                    component[x] = component[y]
                    break
        return component

    def closure(self):
        """For each record, a bit set of those that happen after it."""
        count = len(self.records)
        after = [0] * count
        for x, y in self.edges:
            after[x] |= 1 << y
        for middle in range(count):
            bit, reach = 1 << middle, after[middle]
            for x in range(count):
                if after[x] & bit:
                    after[x] |= reach
        return after

    def effective_times(self):
        """Times; one without a time has its predecessor's, the first ones the next one's."""
        times = [None] * len(self.records)
        for processes in self.orders.values():
            for process in processes:
                row = [r.time for r in process]
                for n in range(1, len(row)):
                    row[n] = row[n - 1] if row[n] is None else row[n]
                for n in reversed(range(len(row) - 1)):
                    row[n] = row[n + 1] if row[n] is None else row[n]
                for r, time in zip(process, row):
                    times[self.position[id(r)]] = time
        return times

    def extension(self):
        """Of the events whose causes have all been delivered: the smallest time, actor name, own order, bytes."""
        def key(n):
            record = self.records[n]
            time = self.times[n]
            return (time is not None, time or 0, record.actor.encode(), n, record.text)
        waiting = [0] * len(self.records)
        for _, y in self.edges:
            waiting[y] += 1
        heirs = defaultdict(list)
        for x, y in self.edges:
            heirs[x].append(y)
        ready = [n for n, count in enumerate(waiting) if count == 0]
        sequence = []
        while ready:
            n = min(ready, key=key)
            ready.remove(n)
            sequence.append(n)
            for y in heirs[n]:
                waiting[y] -= 1
                if waiting[y] == 0:
                    ready.append(y)
        return [self.records[n] for n in sequence]
