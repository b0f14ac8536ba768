"""Reads a bundle of small plain logs into records, from the event log contract alone."""
import datetime
import json
import os
import re
from decimal import Decimal, InvalidOperation

SECOND = 10**9
NO_TIMES = {2**63 - 1, -2**63, 2**64 - 1}
NO_STAMPS = ("0001-01-01T00:00:00Z", "1601-01-01T00:00:00Z", "1900-01-01T00:00:00Z",
             "1677-09-21T00:12:43.145224192Z", "1677-09-21T00:12:43.145224193Z", "1754-08-30T22:43:41.128654848Z")
STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?([Zz]|[+-]\d\d(?::?\d\d)?)")


class Malformed(Exception):
    """The line is not a record."""


class Ambiguous(Exception):
    """The contract does not say how such logs are ordered: the bundle is skipped."""


class Record:
    """A line of a log, with what the order needs of it."""

    def __init__(self, file, line, text, fields, time):
        self.file, self.line, self.text, self.fields, self.time = file, line, text, fields, time
        self.actor, self.event = fields["actor"], fields["event"]
        self.clock = clock_of(fields)
        self.plan = generation(fields.get("plan"))
        self.endpoint = word(fields.get("endpoint"))
        # Set by own_order: incarnation, effective counter, and the process of an actor's name.
        self.incarnation, self.known_by, self.process = 0, None, 0

    @property
    def counter(self):
        return self.clock[self.actor] if self.clock else None

    @property
    def place(self):
        return f"{self.file}:{self.line}"

    def __repr__(self):
        return self.place


def word(value):
    return value if isinstance(value, str) else None


def generation(value):
    """A generation of any size, as a number or decimal text; below 0 and anything else is absent."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str) and re.fullmatch(r"\d+", value):
        return int(value)
    return value if isinstance(value, int) and value >= 0 else None


def is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def clock_of(fields):
    """The given clock; None where there is none, or where it lacks the actor's own entry as a count (a clock fault)."""
    clock = fields.get("vc")
    if not isinstance(clock, dict) or not is_count(clock.get(fields["actor"])):
        return None
    return {actor: count for actor, count in clock.items() if is_count(count)}


def unit(count):
    size = abs(count)
    for bound, scale in ((10**11, 10**9), (10**14, 10**6), (10**17, 10**3)):
        if size < bound:
            return scale
    return 1


def time_of(value):
    """Nanoseconds since 1970, or None for a value that is no time at all."""
    if isinstance(value, bool) or value is None:
        raise Malformed("ts")
    if isinstance(value, (int, Decimal)):
        return count_time(Decimal(value))
    if not isinstance(value, str):
        raise Malformed("ts")
    if value in NO_STAMPS or value.startswith("9999-12-31"):
        return None
    stamp = STAMP.fullmatch(value)
    if stamp is None:
        try:
            return count_time(Decimal(value))
        except InvalidOperation:
            raise Malformed("ts") from None
    year, month, day, hour, minute, second, fraction, zone = stamp.groups()
    try:
        days = datetime.date(int(year), int(month), int(day)).toordinal() - datetime.date(1970, 1, 1).toordinal()
    except ValueError:
        raise Malformed("ts") from None
    offset = 0
    if zone not in "Zz":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        offset = (int(digits[:2]) * 60 + int(digits[2:])) * 60 * (-1 if zone[0] == "-" else 1)
    whole = days * 86400 + int(hour) * 3600 + int(minute) * 60 + int(second) - offset
    return whole * SECOND + int((fraction or "0").ljust(9, "0")[:9])


def count_time(count):
    if count in (0, -1) or count in NO_TIMES:
        return None
    return int(count * unit(count))


def read(folder):
    """All records of a folder's files, by file and line."""
    records = []
    for root, folders, names in sorted(os.walk(folder)):
        folders.sort()
        for name in sorted(names):
            if name in ("truth.json", "expected.json"):
                continue
            path = os.path.join(root, name)
            with open(path, "rb") as file:
                lines = file.read().split(b"\n")
            for number, text in enumerate(lines, 1):
                record = parse(os.path.relpath(path, folder), number, text.rstrip(b"\r"))
                if record:
                    records.append(record)
    return records


def parse(file, number, text):
    """The record of a line; None for a blank or malformed one."""
    if not text.strip():
        return None
    try:
        fields = json.loads(text.decode("utf-8-sig"), parse_float=Decimal)
        if not isinstance(fields, dict):
            return None
        if not isinstance(fields.get("actor"), str) or not isinstance(fields.get("event"), str):
            return None
        return Record(file, number, text, fields, time_of(fields.get("ts")))
    except (ValueError, Malformed):
        return None
