"""An actor's own order: duplicates, files and parts put the right way round, counters, incarnations, disputed pairs.

Each rule of the contract's "An actor's own order" is one function; nothing is shared with the program under test.
"""
import copy
import re
from collections import defaultdict

from bundle import Ambiguous

FINE = 10_000_000


def own_orders(records):
    """For each actor, its processes (nearly always one): the records of each in own order. Duplicates are left out."""
    kept = without_duplicates(records)
    files = defaultdict(list)
    for record in kept:
        files[record.file].append(record)
    for name in files:
        if is_newest_first(files[name]):
            files[name].reverse()
    actors = defaultdict(dict)
    for name in sorted(files):
        for record in files[name]:
            actors[record.actor].setdefault(name, []).append(record)
    orders = {}
    for actor, logs in actors.items():
        for name in logs:
            logs[name] = swapped_parts(logs[name])
        processes = [by_counter(lines) for lines in processes_of(logs)]
        for number, process in enumerate(processes):
            for record in process:
                record.process = number
        orders[actor] = processes
    return orders


def without_duplicates(records):
    """Same bytes again: in another file; in one only where a counter, an id or a fine time tells events apart."""
    fine = {r.file for r in records if r.time is not None and r.time % FINE}
    kept, seen = [], defaultdict(set)
    for record in records:
        files = seen[record.actor, record.text]
        tells = record.counter is not None or "id" in record.fields or record.file in fine
        if files - {record.file} or (files and tells):
            continue
        files.add(record.file)
        kept.append(record)
    return kept


def changes(values):
    """How often a row of values rises, and how often it falls; None is skipped."""
    rises = falls = 0
    before = None
    for value in values:
        if value is None:
            continue
        if before is not None:
            rises += value > before
            falls += value < before
        before = value
    return rises, falls


def counters_rise(lines):
    """Whether counters say that these lines stand the right way round."""
    rises = falls = 0
    for actor in {r.actor for r in lines}:
        up, down = changes(r.counter for r in lines if r.actor == actor)
        rises, falls = rises + up, falls + down
    return rises > falls


def counters_decide(lines):
    """As `counters_rise`, where times say that the lines stand the wrong way round."""
    rising = counters_rise(lines)
    counters = [(r.actor, r.counter) for r in lines if r.counter is not None]
    if rising and len(set(counters)) < len(counters):
        raise Ambiguous("counters that repeat speak against what times say of the lines' order")
    return rising


def is_newest_first(lines):
    rises, falls = changes(r.time for r in lines)
    return falls >= 3 and rises * 10 < falls and not counters_decide(lines)


def span(lines):
    times = [r.time for r in lines if r.time is not None]
    return (min(times), max(times)) if times else None


def swapped_parts(lines):
    """Two parts of two records or more, the later wholly before the first by time, are swapped."""
    cuts = []
    for cut in range(2, len(lines) - 1):
        first, later = span(lines[:cut]), span(lines[cut:])
        if first and later and later[1] < first[0]:
            cuts.append(cut)
    if not cuts or counters_decide(lines):
        return lines
    if len(cuts) > 1:
        raise Ambiguous("the lines of an actor fall into two parts in several ways")
    return lines[cuts[0]:] + lines[:cuts[0]]


def rotation(name):
    """A file's name without a number at its end, and that number; a file without one is the newest."""
    base, number = re.fullmatch(r"(.*?)(?:\.(\d+))?", name).groups()
    return base, int(number) if number else -1


def processes_of(logs):
    """An actor's lines, file after file, for each process of that name."""
    groups = defaultdict(list)
    for name, lines in logs.items():
        base, number = rotation(name)
        groups[base].append((number, lines))
    rows = [rotated(groups[base]) for base in sorted(groups)]
    if len(rows) == 1:
        return rows
    pods = [[False] * len(rows) for _ in rows]
    for i, one in enumerate(rows):
        for j in range(i):
            pods[i][j] = pods[j][i] = are_two_processes(one, rows[j])
    if any(map(any, pods)):
        if not all(pods[i][j] for i in range(len(rows)) for j in range(i)):
            raise Ambiguous("some files of an actor's name may be of one process, and others not")
        return rows
    rows.sort(key=lambda lines: span(lines) or (0, 0))
    for one, other in zip(rows, rows[1:]):
        if span(one) and span(other) and span(one)[0] == span(other)[0]:
            raise Ambiguous("two files of an actor begin at the same time")
        if overlap(one, other) and not all(r.counter is not None for row in (one, other) for r in row):
            raise Ambiguous("files of an actor overlap in time, and some of their records have no counter")
    if all(r.counter is not None for row in rows for r in row):
        refuse_open_join(rows)
    return [[record for lines in rows for record in lines]]


def refuse_open_join(rows):
    """Files of one process that overlap in time: the contract does not say whether lines of the one go between those of the other."""
    are_rising = all(a.counter < b.counter for row in rows for a, b in zip(row, row[1:]))
    if not are_rising or not any(overlap(a, b) for i, a in enumerate(rows) for b in rows[:i]):
        return
    if any(r.incarnation for r in by_counter([copy.copy(r) for row in rows for r in row])):
        raise Ambiguous("counters of files that overlap in time rise, but one file behind the other they fall")


def overlap(one, other):
    a, b = span(one), span(other)
    return bool(a and b) and a[0] <= b[1] and b[0] <= a[1]


def are_two_processes(one, other):
    contents = [defaultdict(set), defaultdict(set)]
    for content, lines in zip(contents, (one, other)):
        for record in lines:
            if record.counter is not None:
                content[record.counter].add(record.text)
    if not contents[0] and not contents[1]:
        return overlap(one, other)
    both = contents[0].keys() & contents[1].keys()
    return sum(contents[0][c].isdisjoint(contents[1][c]) for c in both) >= 3


def rise_across(rows):
    """Whether counters rise from file to file, where two or more have some."""
    counters = [[r.counter for r in lines if r.counter is not None] for lines in rows]
    counters = [row for row in counters if row]
    return len(counters) > 1 and all(max(one) < min(next) for one, next in zip(counters, counters[1:]))


def rotated(group):
    """Rotated files: as they are numbered where counters rise so or their times are not apart, else by time."""
    group.sort(key=lambda item: -item[0])
    numbered = [lines for _, lines in group]
    flat = [record for lines in numbered for record in lines]
    if len(group) == 1 or rise_across(numbered):
        return flat
    def apart(a, b):
        a, b = span(a), span(b)
        return bool(a and b) and (a[1] < b[0] or b[1] < a[0])
    pairs = [(a, b) for i, a in enumerate(numbered) for b in numbered[i + 1:]]
    if all(apart(a, b) for a, b in pairs):
        return [record for lines in sorted(numbered, key=span) for record in lines]
    if rise_across(numbered[::-1]):
        raise Ambiguous("the counters of rotated files rise against their numbers")
    if any(apart(a, b) and span(b) < span(a) for a, b in pairs):
        raise Ambiguous("some rotated files contradict their numbers by time, and others overlap")
    return flat


class Incarnation:
    """The records of one life of an actor's counter, each with the counter by which it is sorted."""

    def __init__(self):
        self.entries = []
        self.held = defaultdict(list)
        self.highest = None

    def add(self, key, record):
        self.entries.append((key, record))
        if record.counter is not None:
            self.held[record.counter].append(record)
            if self.highest is None or record.counter > self.highest.counter:
                self.highest = record

    def last_key(self):
        return self.entries[-1][0] if self.entries else -1

    def ordered(self):
        return [record for _, record in sorted(self.entries, key=lambda entry: entry[0])]

    def fits(self, record):
        """Whether a record's other entries lie between those of its neighbours by counter."""
        below = max((c for c in self.held if c < record.counter), default=None)
        above = min((c for c in self.held if c > record.counter), default=None)
        others = set(record.clock)
        for c in (below, above):
            others |= set(self.held[c][0].clock) if c is not None else set()
        others.discard(record.actor)
        value = lambda r, other: r.clock.get(other, 0)
        return all((below is None or value(self.held[below][0], o) <= value(record, o))
                   and (above is None or value(record, o) <= value(self.held[above][0], o)) for o in others)


def by_counter(lines):
    """Sorts a process's lines by counter, splits them into incarnations, and says which counters know each record."""
    counted = [r for r in lines if r.counter is not None]
    after = dict(zip(map(id, counted), counted[1:]))
    lives, before = [Incarnation()], None
    for record in lines:
        life = lives[-1]
        if record.counter is None:
            life.add(life.last_key(), record)
            continue
        if life.highest is None or record.counter > life.highest.counter:
            life.add(record.counter, record)
        elif (is_conflict(record, before, life, after.get(id(record)))
              or is_disorder(record, life, after.get(id(record)))):
            life.add(record.counter, record)
        else:
            lives.append(Incarnation())
            lives[-1].add(record.counter, record)
        before = record
    order = []
    for number, life in enumerate(lives):
        row = life.ordered()
        for record in row:
            record.incarnation = number
        drop_faulty_clocks(row)
        number_unclocked(row)
        order += row
    return order


def drop_faulty_clocks(row):
    """Drops a clock with an entry outside those of its neighbours' clocks, which agree with each other."""
    counted = [r for r in row if r.counter is not None]
    faulty = []
    for before, record, after in zip(counted, counted[1:], counted[2:]):
        if is_faulty(before, record, after, absent=None):
            faulty.append(record)
        elif is_faulty(before, record, after, absent=0):
            raise Ambiguous("a clock contradicts its neighbours only if an absent entry means 0")
    right = [r for r in counted if not any(r is f for f in faulty)]
    for before, record, after in zip(right, right[1:], right[2:]):
        if is_faulty(before, record, after, absent=0):
            raise Ambiguous("a clock contradicts its neighbours only if the faulty one beside it is no witness")
    for record in faulty:
        at, time = row.index(record), record.time
        times = lambda lines: [r.time for r in lines if r.time is not None]
        if time is not None and (max(times(row[:at]), default=time) > time
                                 or min(times(row[at:]), default=time) < time):
            raise Ambiguous("a record with a faulty clock stands in an ambiguous range")
        record.clock = None


def is_faulty(before, record, after, absent):
    for actor in (before.clock.keys() | record.clock.keys() | after.clock.keys()) - {record.actor}:
        low, entry, high = (r.clock.get(actor, absent) for r in (before, record, after))
        if None not in (low, entry, high) and low <= high and not low <= entry <= high:
            return True
    return False


def is_later(record, other):
    return record.time is not None and other.time is not None and record.time > other.time


def is_conflict(record, before, life, following):
    if before is not None and before.counter == record.counter:
        return True
    is_above_again = following is not None and following.counter > life.highest.counter
    return bool(life.held[record.counter]) and not is_later(record, life.highest) and is_above_again


def is_disorder(record, life, following):
    if life.held[record.counter] or not life.fits(record):
        return False
    is_above_again = following is not None and following.counter > life.highest.counter
    return not is_later(record, life.highest) or is_above_again


def number_unclocked(row):
    """The least counter whose knowledge includes each record; None where no counter tells."""
    given = [i for i, record in enumerate(row) if record.counter is not None]
    for i in given:
        row[i].known_by = row[i].counter
    bounds = [-1] + given + [len(row)]
    for low, high in zip(bounds, bounds[1:]):
        between = row[low + 1:high]
        upper = row[high].counter if high < len(row) else None
        fills = low >= 0 and upper is not None and upper - row[low].counter - 1 == len(between)
        for n, record in enumerate(between, 1):
            record.known_by = row[low].counter + n if fills else upper


def is_ordered(one, other):
    """Whether own order holds between two records of a process, `one` ahead of the other in it."""
    if one.counter is not None and other.counter is not None:
        return True
    return one.time is None or other.time is None or one.time <= other.time


def refuse_timeless_disputes(process):
    """A record without a time inside an ambiguous range: the contract does not say with which lines it agrees."""
    for i, record in enumerate(process):
        if record.time is None:
            ahead, behind = span(process[:i]), span(process[i + 1:])
            if ahead and behind and ahead[1] > behind[0]:
                raise Ambiguous("a record without a time stands in an ambiguous range")
