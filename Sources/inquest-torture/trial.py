"""Runs the program on damaged containers, many in one bundle, and judges what it gives of each.

A process takes longer to start than to read one small log: so many logs are laid into one folder, each with an actor
of its own. A case that is not as it should be is run again alone before it counts.
"""

import csv
import io
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from containers import Container
from damage import Case
from decoders import Stream, Verdict
from oracle import Expectation, expect

COMPANION = b'{"ts":"2025-10-20T05:00:00Z","actor":"companion","event":"note"}\n'
PLACES = "SELECT file, hex(raw) AS raw FROM events\n"
MOST_OUTPUT = 1 << 26
# Seconds after which a run counts as one that does not end: far more than any takes, also on a machine that is busy.
LONGEST_TOGETHER, LONGEST_ALONE = 240, 60
ENVIRONMENT = {**os.environ, "SWIFT_BACKTRACE": "enable=no", "NO_COLOR": "1"}

FAULTS = ("crash", "hang", "lost", "unsaid", "altered", "alarm", "other")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one case: one of FAULTS, and in which way."""

    kind: str
    words: str


@dataclass(frozen=True)
class Subject:
    """A damaged container that is to be read, and what is owed of it."""

    container: Container
    case: Case
    data: bytes
    expectation: Expectation
    foreign: frozenset[bytes]

    @staticmethod
    def of(container: Container, case: Case, foreign: frozenset[bytes]) -> "Subject":
        data = case.apply(container)
        expectation = expect(container, data)
        if case.label == "as it is":
            verdict = Verdict.SOUND if container.is_readable else Verdict.DAMAGED
            expectation = Expectation(expectation.owed, verdict, expectation.decoded)
        if case.adds_foreign:
            # Whether a reader of one kind goes on with another is open, but not whether it says what it left out.
            first = data.startswith(container.data)
            expectation = Expectation(
                expectation.owed if first else frozenset(), Verdict.EITHER, expectation.decoded)
        return Subject(container, case, data, expectation, foreign if case.adds_foreign else frozenset())

    def judge(self, lines: list[bytes], said: bool) -> list[Fault]:
        text, verdict = self.container.text, self.expectation.verdict
        got = set(lines)
        known = {text.number[line] for line in got if line in text.number}
        lost = self.expectation.owed - known
        odd = [line for line in got if line not in text.number and line not in self.foreign]
        faults = []
        if lost:
            count = f"{len(lost)} of {len(self.expectation.owed)}"
            faults.append(Fault("lost", f"{count} records owed are lost, {'said' if said else 'unsaid'}"))
        if not said:
            missing = len(text.lines) - len(known)
            unread = [line for line in self.foreign if line not in got]
            if verdict is Verdict.DAMAGED:
                faults.append(Fault("unsaid", f"the damage is not said; {missing} records are missing"))
            elif verdict is Verdict.EITHER and (lost or unread or (missing and not self._decodes_without(known))):
                faults.append(Fault("unsaid", f"{missing + len(unread)} records are missing, and it is not said"))
            invented = [line for line in odd if line not in self.expectation.decoded]
            if odd and verdict is Verdict.DAMAGED or invented:
                faults.append(Fault("altered", f"{len(odd)} altered records come out, and it is not said"))
        elif verdict is Verdict.SOUND:
            faults.append(Fault("alarm", "damage is said where decoders read it whole"))
        return faults

    def _decodes_without(self, known: set[int]) -> bool:
        """Whether an independent decoder does not give more either."""
        number = self.container.text.number
        return {number[line] for line in self.expectation.decoded if line in number} <= known


class Run:
    """One run of the program."""

    def __init__(self, program: str, arguments: list[str], seconds: float, data: bytes = b""):
        self.words = "inquest " + " ".join(arguments)
        try:
            done = subprocess.run(
                [program, *arguments], capture_output=True, timeout=seconds, input=data, env=ENVIRONMENT)
            self.status, self.output, self.errors = done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired:
            self.status, self.output, self.errors = None, b"", b""

    @property
    def fault(self) -> Fault | None:
        if self.status is None:
            return Fault("hang", f"{self.words} does not end")
        if self.status < 0 or self.status >= 128:
            return Fault("crash", f"{self.words} ends with status {self.status}")
        if self.status not in (0, 3):
            words = self.errors.decode(errors="replace").strip().splitlines()
            return Fault("other", f"{self.words} ends with status {self.status}: {words[-1] if words else ''}")
        if len(self.output) > MOST_OUTPUT:
            return Fault("other", f"{self.words} prints {len(self.output):,} bytes")
        return None


class Bench:
    """A folder in which bundles are laid out for one program."""

    def __init__(self, program: str, folder: Path):
        self.program = program
        self.folder = folder
        self.query = folder / "places.sql"
        folder.mkdir(parents=True, exist_ok=True)
        self.query.write_text(PLACES)

    def judge(self, subjects: list[Subject]) -> list[tuple[Subject, list[Fault]]]:
        """Each subject that is not as it should be, and what is wrong with it."""
        whole, faults = self._together(subjects)
        if whole is None:
            return [(subject, found) for subject, found in zip(subjects, faults) if found]
        if len(subjects) == 1:
            return [(subjects[0], [whole])]
        middle = len(subjects) // 2
        parts = self.judge(subjects[:middle]) + self.judge(subjects[middle:])
        # A fault that shows only where many logs stand together is one all the same.
        return parts or [(subjects[0], [Fault(whole.kind, f"only with {len(subjects)} logs together: {whole.words}")])]

    def judge_piped(self, subject: Subject) -> list[Fault]:
        """What is wrong when a subject comes through standard input: without a name that says what it should be."""
        if not subject.data.startswith(subject.container.data[:16]):
            return []
        run = Run(self.program, ["query", "-", "--event", "*", "--format", "jsonl"], LONGEST_ALONE, subject.data)
        # Alone, it may hold nothing that can be used.
        if run.status == 4 and not subject.expectation.owed:
            return []
        if run.fault:
            return [Fault(run.fault.kind, f"by standard input: {run.fault.words}")]
        faults = subject.judge(run.output.split(b"\n")[:-1], run.status != 0)
        return [Fault(fault.kind, f"by standard input: {fault.words}") for fault in faults]

    def _together(self, subjects: list[Subject]) -> tuple[Fault | None, list[list[Fault]]]:
        """What is wrong with the runs as such; if nothing, what is wrong with each subject."""
        bundle = self.folder / "bundle"
        names = self.lay(subjects, bundle)
        paths = self.paths(subjects, bundle, names)
        seconds = LONGEST_TOGETHER if len(subjects) > 1 else LONGEST_ALONE
        query = Run(self.program, ["query", *paths, "--saved", str(self.query), "--format", "csv"], seconds)
        check = Run(self.program, ["check", *paths, "--format", "json"], seconds)
        events = Run(self.program, ["query", *paths, "--event", "*", "--format", "jsonl"], seconds)
        for run in (query, check, events):
            if run.fault:
                return run.fault, []
        report = json.loads(check.output)
        damaged = {_log(damage["path"]) for damage in report["quality"]["damage"]}
        if not query.status == check.status == events.status == (3 if damaged else 0):
            words = f"status {query.status} (SQL), {check.status} (check), {events.status} (query), "
            return Fault("other", words + f"{len(damaged)} logs said to be damaged"), []
        lines: dict[str, list[bytes]] = {name: [] for name in names}
        everything = []
        csv.field_size_limit(1 << 27)
        for row in csv.reader(io.StringIO(query.output.decode())):
            if row[0] == "file":
                continue
            line = bytes.fromhex(row[1])
            everything.append(line)
            lines.setdefault(_log(row[0]), []).append(line)
        if sorted(everything) != sorted(events.output.split(b"\n")[:-1]):
            if all(_is_text(line) for line in events.output.split(b"\n")):
                return Fault("other", "query and SQL give other records"), []
        return None, [subject.judge(lines[name], name in damaged) for subject, name in zip(subjects, names)]

    def lay(self, subjects: list[Subject], bundle: Path) -> list[str]:
        shutil.rmtree(bundle, ignore_errors=True)
        bundle.mkdir(parents=True)
        (bundle / "companion.jsonl").write_bytes(COMPANION)
        names = []
        for number, subject in enumerate(subjects):
            names.append(f"case-{number:03}x{subject.container.ending}")
            (bundle / names[-1]).write_bytes(subject.data)
        return names

    @staticmethod
    def paths(subjects: list[Subject], bundle: Path, names: list[str]) -> list[str]:
        """What the command is given: a folder, or files where they are archives, which a folder's are not opened as."""
        if all(isinstance(subject.container.decoder, Stream) for subject in subjects):
            return [str(bundle)]
        return [str(bundle / name) for name in ["companion.jsonl", *names]]


def _log(path: str) -> str:
    """The log that a path leads to, or that holds what it leads to."""
    return re.split("[!/]", path)[0]


def _is_text(line: bytes) -> bool:
    # SQL's text cannot hold what is no UTF-8, nor go on behind a zero.
    try:
        return b"\0" not in line and bool(line.decode() or True)
    except UnicodeDecodeError:
        return False
