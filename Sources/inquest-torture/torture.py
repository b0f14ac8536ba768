#!/usr/bin/env python3
"""Damages every kind of container in every way and compares what Inquest reads with what independent decoders get.

Ends with status 1 where anything is not as it should be. See README.md beside this file.
"""

import argparse
import collections
import functools
import multiprocessing
import os
import random
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import containers
import damage
from containers import Container, Kind
from corpus import Corpus, Text
from trial import FAULTS, Bench, Fault, Subject

# So many logs are read by one process.
TOGETHER = 32
# So many inputs of one container and fault are run again alone, and kept.
KEPT = 10


@dataclass(frozen=True)
class Plan:
    """What every worker needs to know."""

    program: str
    seed: int
    sample: int | None
    only: str
    folder: str


class Workshop:
    """Makes containers and cases; each worker process has one."""

    def __init__(self, plan: Plan, folder: Path):
        self.plan = plan
        self.corpus = Corpus(plan.program, folder / "corpus", plan.seed)
        self.kinds = [kind for kind in containers.kinds() if re.search(plan.only, kind.name)]
        self.bench = Bench(plan.program, folder / "bench")
        self.confirmed: collections.Counter = collections.Counter()

    def text(self, lines: int, slot: int, begin: int = 0) -> Text:
        """Lines of an actor that only this slot has, or those of one log would be duplicates of another's."""
        text = self.corpus.text(lines, begin)
        renamed = text.data
        for actor in (b"dns-store", b"enactor-az1", b"enactor-az2"):
            renamed = renamed.replace(b'"%s"' % actor, b'"%s%03d"' % (actor[:-3], slot))
        return Text(renamed)

    @functools.lru_cache(maxsize=2 * TOGETHER)
    def container(self, kind: Kind, slot: int) -> Container:
        return kind.make(self.text(kind.lines, slot))

    @functools.lru_cache(maxsize=2 * TOGETHER)
    def foreign(self, slot: int) -> tuple[frozenset[bytes], list[tuple[str, bytes]]]:
        """Other kinds of containers, all of the same further lines."""
        text = self.text(5, slot, begin=1000)
        made = [(kind.name, kind.make(text).data) for kind in containers.kinds() if kind.name in (
            "zstd, one frame", "gzip, one member", "bzip2, one stream", "xz, crc64", "lz4, one frame", "tar, ustar",
            "zip, deflated")]
        return frozenset(text.lines), [*made, ("plain lines", text.data)]

    @functools.lru_cache(maxsize=1)
    def cases(self, kind: Kind) -> list[damage.Case]:
        container = self.container(kind, 0)
        source = random.Random(f"{self.plan.seed} {kind.name}")
        if kind.draws:
            cases = damage.drawn_cases(container, kind.draws, source)
        else:
            cases = damage.small_cases(container)
        for name, data in self.foreign(0)[1]:
            cases += damage.foreign(name, data)
        if self.plan.sample is None or len(cases) <= self.plan.sample:
            return cases
        chosen = source.sample(range(1, len(cases)), self.plan.sample - 1)
        return [cases[0], *(cases[index] for index in sorted(chosen))]

    def work(self, kind: Kind, start: int) -> tuple[int, list[tuple[str, Fault, str]]]:
        """One bundle of cases: how many, and those that fail."""
        cases = self.cases(kind)[start : start + self.together(kind)]
        subjects = []
        for slot, case in enumerate(cases):
            if case.adds_foreign:
                case = self._foreign_case(case, slot)
            subjects.append(Subject.of(self.container(kind, slot), case, self.foreign(slot)[0]))
        failed = []
        for subject, faults in self.bench.judge(subjects):
            for fault in self._confirm(kind, subject, faults):
                failed.append((subject.case.label, fault, self._keep(kind, subject, fault)))
        # One of them by another way in.
        piped = subjects[start // self.together(kind) % len(subjects)]
        for fault in self.bench.judge_piped(piped):
            failed.append((piped.case.label, fault, self._keep(kind, piped, fault)))
        return len(cases), failed

    def together(self, kind: Kind) -> int:
        return TOGETHER if not kind.draws or kind.lines < 100 else TOGETHER // 4

    def _foreign_case(self, case: damage.Case, slot: int) -> damage.Case:
        names = [name for name, _ in self.foreign(slot)[1]]
        data = [data for _, data in self.foreign(slot)[1]]
        found = {made.label: made for name, data in zip(names, data) for made in damage.foreign(name, data)}
        return found[case.label]

    def _confirm(self, kind: Kind, subject: Subject, faults: list[Fault]) -> list[Fault]:
        """The faults as they are when the subject is read alone; once enough are known, as they were."""
        keys = [(kind.name, fault.kind) for fault in faults]
        if all(self.confirmed[key] >= KEPT for key in keys):
            return faults
        alone = [fault for _, found in self.bench.judge([subject]) for fault in found]
        for fault in alone:
            self.confirmed[(kind.name, fault.kind)] += 1
        kinds = {fault.kind for fault in alone}
        return alone + [
            Fault(fault.kind, f"only beside other logs: {fault.words}") for fault in faults if fault.kind not in kinds
        ]

    def _keep(self, kind: Kind, subject: Subject, fault: Fault) -> str:
        """Keeps the input where it is one of the first of its kind: the command that repeats it."""
        name = re.sub(r"[^a-z0-9]+", "-", kind.name)
        folder = Path(self.plan.folder) / name / fault.kind
        if folder.exists() and len(list(folder.iterdir())) >= KEPT:
            return ""
        label = re.sub(r"[^a-z0-9]+", "-", subject.case.label)
        names = self.bench.lay([subject], folder / label)
        paths = self.bench.paths([subject], folder / label, names)
        return f"inquest query {' '.join(paths)} --event '*' --format jsonl"


_workshop: Workshop | None = None


def _begin(plan: Plan, base: str) -> None:
    global _workshop
    _workshop = Workshop(plan, Path(base) / str(os.getpid()))


def _work(job: tuple[int, int]) -> tuple[int, int, list[tuple[str, Fault, str]]]:
    number, start = job
    count, failed = _workshop.work(_workshop.kinds[number], start)
    return number, count, failed


def torture(plan: Plan, jobs: int) -> int:
    """Runs everything and prints a row for each kind of container; the exit status."""
    folder = Path(plan.folder)
    if folder.exists() and any(folder.iterdir()) and not (folder / "faults.txt").exists():
        raise SystemExit(f"error: {folder} holds something else than an earlier run's inputs")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    cases: collections.Counter = collections.Counter()
    faults: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="inquest-torture-") as base:
        planner = Workshop(plan, Path(base) / "planner")
        work = [
            (number, start)
            for number, kind in enumerate(planner.kinds)
            for start in range(0, len(planner.cases(kind)), planner.together(kind))
        ]
        names = [kind.name for kind in planner.kinds]
        left = collections.Counter(number for number, _ in work)
        print(f"{'container':<28} {'cases':>8} " + " ".join(f"{kind:>8}" for kind in FAULTS), flush=True)
        with (folder / "faults.txt").open("w", buffering=1) as log, multiprocessing.Pool(jobs, _begin, (plan, base)) as pool:
            for number, count, failed in pool.imap_unordered(_work, work, chunksize=1):
                name = names[number]
                cases[name] += count
                for label, fault, command in failed:
                    faults[name][fault.kind] += 1
                    log.write(f"{name}: {label}: {fault.kind}: {fault.words}\n")
                    if command:
                        log.write(f"  {command}\n")
                left[number] -= 1
                if left[number] == 0:
                    print(_row(name, cases[name], faults[name]), flush=True)
    total: collections.Counter = collections.Counter()
    for counter in faults.values():
        total.update(counter)
    print(_row("all", sum(cases.values()), total))
    print(f"{time.monotonic() - began:,.0f} s, seed {plan.seed}")
    if not total:
        return 0
    print(f"error: {sum(total.values()):,} faults; {folder}/faults.txt names them", file=sys.stderr)
    return 1


def _row(name: str, cases: int, faults: collections.Counter) -> str:
    return f"{name:<28} {cases:>8,} " + " ".join(f"{faults[kind]:>8,}" for kind in FAULTS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", help="the inquest to try")
    parser.add_argument("--sample", type=int, metavar="N", help="at most N cases a container, drawn by the seed")
    parser.add_argument("--only", default="", metavar="PATTERN", help="only containers whose name matches")
    parser.add_argument("--seed", type=int, default=1, help="of the corpus and of everything that is drawn (1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes that work at a time")
    parser.add_argument("--keep", default=".build/torture/found", metavar="FOLDER",
                        help="where failing inputs are kept (.build/torture/found)")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    plan = Plan(program, arguments.seed, arguments.sample, arguments.only, arguments.keep)
    return torture(plan, arguments.jobs)


if __name__ == "__main__":
    sys.exit(main())
