#!/usr/bin/env python3
"""Makes each call into the C library fail that Inquest makes, and looks at what is left.

A library preloaded into the program (faults.c) counts the calls of a command; then the command runs once for each call
and each error. Ends with status 1 where anything is not as it should be. See README.md beside this file.
"""

import argparse
import collections
import errno
import hashlib
import multiprocessing
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

# The order is that of faults.c.
CALLS = (
    "open openat read pread write pwrite close fsync fdatasync rename unlink rmdir mkdir mkstemp stat lstat fstat "
    "lseek ftruncate mmap opendir readdir realpath readlink getcwd fopen statvfs dup fcntl pthread_create"
).split()
TALLY = struct.Struct("64I I 4096s")
SHORT = 0
# What the calls of each function may meet. Zero: fewer bytes than were asked for.
ERRORS = {
    "open": (errno.EIO, errno.EMFILE, errno.EINTR, errno.ENOSPC),
    "openat": (errno.EIO, errno.EMFILE, errno.EINTR),
    "fopen": (errno.EMFILE, errno.EIO),
    "read": (errno.EIO, errno.EINTR, SHORT),
    "pread": (errno.EIO, errno.EINTR, SHORT),
    "write": (errno.EIO, errno.ENOSPC, errno.EINTR, SHORT),
    "pwrite": (errno.EIO, errno.ENOSPC, errno.EINTR, SHORT),
    # No file system that logs lie on interrupts a close; where one does, it may be reported.
    "close": (errno.EIO,),
    "fsync": (errno.EIO, errno.ENOSPC, errno.EINTR),
    "fdatasync": (errno.EIO, errno.EINTR),
    "rename": (errno.EIO, errno.ENOSPC, errno.EACCES),
    "mkdir": (errno.EIO, errno.ENOSPC),
    "mkstemp": (errno.EIO, errno.EMFILE, errno.ENOSPC),
    "ftruncate": (errno.EIO, errno.ENOSPC, errno.EINTR),
    "mmap": (errno.ENOMEM,),
    "opendir": (errno.EIO, errno.EMFILE),
    "dup": (errno.EMFILE,),
    "pthread_create": (errno.EAGAIN,),
}
OTHERS = (errno.EIO,)
# What happens to a log just ahead of a call that is made for it. The numbers are those of faults.c.
CHANGES = {-1: "the log grows", -2: "the log shrinks", -3: "the log vanishes", -4: "the log is replaced",
           -5: "the log is overwritten"}
CHANGED_BEFORE = ("open", "pread", "read", "fstat", "lstat", "stat", "close")
# Errors that last, as a full disk and exhausted descriptors do.
LASTING = {
    "open": (errno.EMFILE, errno.ENOSPC),
    "write": (errno.ENOSPC,),
    "pwrite": (errno.ENOSPC,),
    "read": (errno.EIO,),
    "pread": (errno.EIO,),
    "close": (errno.EIO,),
    "fsync": (errno.EIO,),
    "rename": (errno.EACCES,),
    "mmap": (errno.ENOMEM,),
}
# Seconds after which a run counts as one that does not end.
LONGEST = 60
TOGETHER = "index, index and query"
# What must change nothing.
HARMLESS = (errno.EINTR, SHORT)
# Calls that the program makes only for what it writes.
WRITING = ("write", "pwrite", "fsync", "fdatasync", "rename", "mkdir", "mkstemp", "ftruncate")
# Calls by which a file or a folder with all that is in it is removed: where one of them fails, it stays.
REMOVING = ("unlink", "rmdir", "stat", "lstat", "fstat", "open", "openat", "opendir", "readdir", "fcntl", "close")
ENVIRONMENT = {**os.environ, "SWIFT_BACKTRACE": "enable=no", "NO_COLOR": "1"}


@dataclass(frozen=True)
class Command:
    """A command, and what it writes: a name for each, in the folder in which it runs."""

    name: str
    arguments: tuple[str, ...]
    outputs: tuple[str, ...] = ()
    # Standard input is this file through a pipe.
    piped: str | None = None

    @property
    def reads_bundle(self) -> bool:
        return "bundle" in self.arguments


def commands() -> list[Command]:
    quiet = ("--quiet",)
    return [
        Command("analyze", ("analyze", "bundle", *quiet)),
        Command("analyze -o", ("analyze", "bundle", "-o", "report", "--force", *quiet),
                ("report/findings.json", "report/timeline.md")),
        Command("analyze --index", ("analyze", "bundle", "--index", "--index-dir", "indexes", *quiet), ("indexes",)),
        Command("timeline -o", ("timeline", "bundle", "-o", "timeline.md", "--force", *quiet), ("timeline.md",)),
        Command("query", ("query", "bundle", "--event", "plan.*", "--format", "jsonl", "--no-index", *quiet)),
        Command("query, SQL", ("query", "bundle", "--saved", "places.sql", "--format", "csv", "--no-index", *quiet)),
        Command("index", ("index", "bundle", "--index-dir", "indexes", *quiet), ("indexes",)),
        Command("query, index",
                ("query", "bundle", "--event", "plan.*", "--format", "jsonl", "--index-dir", "fresh", *quiet)),
        Command("query, SQL, index",
                ("query", "bundle", "--saved", "places.sql", "--format", "csv", "--index-dir", "fresh", *quiet)),
        Command("explain", ("explain", "bundle", "F1", *quiet)),
        Command("check", ("check", "bundle", "--format", "json", *quiet)),
        Command("query, zip", ("query", "logs.zip", "--event", "*", "--format", "jsonl", *quiet)),
        Command("query, tar.gz", ("query", "logs.tar.gz", "--event", "*", "--format", "jsonl", *quiet)),
        Command("query, standard input",
                ("query", "-", "--event", "*", "--format", "jsonl", *quiet), piped="logs.tar.gz"),
        Command("simulate", ("simulate", "race", "--scale", "0.02", "-o", "simulated", *quiet), ("simulated",)),
    ]


@dataclass(frozen=True)
class Fault:
    """One call that fails."""

    call: str
    number: int
    error: int
    lasts: bool = False

    @property
    def words(self) -> str:
        if self.is_change:
            return f"ahead of {self.call} {self.number} {CHANGES[self.error]}"
        what = errno.errorcode[self.error] if self.error else "short"
        return f"{self.call} {self.number}{' and all later' if self.lasts else ''}: {what}"

    @property
    def is_change(self) -> bool:
        return self.error < 0

    @property
    def is_harmless(self) -> bool:
        return self.error in HARMLESS and not self.lasts


@dataclass(frozen=True)
class Result:
    """What a run left."""

    status: int | None
    output: bytes
    errors: str
    # By name of an output: its bytes, with those of all files below it where it is a folder.
    written: dict[str, str]
    names: frozenset[str]
    path: str = ""
    struck: int = 0

    def said(self, command: Command) -> str:
        """What the command says of faults: a report of them is its output."""
        return self.errors + (self.output.decode(errors="replace") if command.name == "check" else "")


class Stage:
    """A folder in which commands run from the same state, again and again."""

    def __init__(self, program: str, shim: str, folder: Path):
        self.program = program
        self.shim = shim
        self.folder = folder
        self.home = folder / "home"
        self.saved = folder / "saved"
        self.kept = folder / "kept"
        self._lay()
        self.tally = folder / "tally"
        self.tally.write_bytes(bytes(TALLY.size))
        self.before = self.look(())
        self.good: dict[str, Result] = {}
        self.counts: dict[str, dict[str, int]] = {}
        for command in commands():
            self.reset()
            result = self.run(command)
            if result.status != 0:
                raise SystemExit(f"error: {command.name} ends with status {result.status}: {result.errors}")
            self.good[command.name] = result
            self.counts[command.name] = self._counts()
        self.reset()

    def _lay(self) -> None:
        self.home.mkdir(parents=True)
        bundle = self.home / "bundle"
        self._call("simulate", "race", "--seed", "1", "--scale", "0.05", "--faults", "none", "-o", "bundle", "--quiet")
        (bundle / "truth.json").unlink()
        # Every way of reading is walked.
        for name, command in (("operator", None), ("planner", ["gzip", "-nc"]), ("resolver", ["xz", "-c"]),
                              ("network-manager", ["bzip2", "-c"]), ("enactor-az3", ["lz4", "-qc"])):
            log = bundle / f"{name}.jsonl.zst"
            text = subprocess.run(["zstd", "-dcq", log], check=True, capture_output=True).stdout
            data = subprocess.run(command, input=text, check=True, capture_output=True).stdout if command else text
            log.unlink()
            (bundle / f"{name}.jsonl").write_bytes(data)
        subprocess.run(["tar", "czf", "logs.tar.gz", "bundle"], cwd=self.home, check=True)
        script = "import zipfile, sys, pathlib\nwith zipfile.ZipFile('logs.zip', 'w', 8) as a:\n" \
                 " [a.write(p) for p in sorted(pathlib.Path('bundle').iterdir())]"
        subprocess.run([sys.executable, "-c", script], cwd=self.home, check=True)
        (self.home / "places.sql").write_text("SELECT file, line, raw FROM events\n")
        # Earlier outputs: files of other content, and an index of the bundle as it was.
        (self.home / "report").mkdir()
        for name in ("report/findings.json", "report/timeline.md", "timeline.md"):
            (self.home / name).write_text(f"an earlier {name}\n")
        (self.home / "indexes").mkdir()
        (self.home / "fresh").mkdir()
        extra = bundle / "extra.jsonl"
        self._call("index", "bundle", "--index-dir", "indexes", "--quiet")
        extra.write_text('{"ts":"2025-10-20T06:00:00Z","actor":"extra","event":"note"}\n')
        self._call("index", "bundle", "--index-dir", "fresh", "--quiet")
        for name in ("report", "indexes", "timeline.md"):
            self._copy(self.home / name, self.saved / name)
        self._copy(bundle, self.kept)
        (self.home / "spare").write_text('{"ts":"2025-10-20T06:01:00Z","actor":"spare","event":"plan.noted"}\n')

    def _call(self, *arguments: str) -> None:
        subprocess.run([self.program, *arguments], cwd=self.home, check=True, timeout=60, env=ENVIRONMENT)

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)

    def reset(self) -> None:
        """Puts everything that commands write back to how it was."""
        kept = {"bundle", "spare", "fresh", "logs.zip", "logs.tar.gz", "places.sql"}
        for path in self.home.iterdir():
            if path.name not in kept:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in self.saved.iterdir():
            self._copy(path, self.home / path.name)

    def run(self, command: Command, fault: Fault | None = None, kill_after: float | None = None) -> Result:
        environment = {**ENVIRONMENT, "LD_PRELOAD": self.shim, "FAULT_TALLY": str(self.tally)}
        self.tally.write_bytes(bytes(TALLY.size))
        if fault:
            environment |= {"FAULT_CALL": fault.call, "FAULT_AT": str(fault.number), "FAULT_ERROR": str(fault.error)}
            if fault.lasts:
                environment["FAULT_LASTING"] = "1"
        source = None
        if command.piped:
            source = subprocess.Popen(["cat", command.piped], cwd=self.home, stdout=subprocess.PIPE)
        process = subprocess.Popen(
            [self.program, *command.arguments], cwd=self.home, env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, stdin=source.stdout if source else subprocess.DEVNULL)
        if source:
            source.stdout.close()
        try:
            if kill_after is not None:
                time.sleep(kill_after)
                process.kill()
            output, errors = process.communicate(timeout=LONGEST)
            status = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
            status = None
        if source:
            source.wait()
        written, names = self.look(command.outputs)
        values = TALLY.unpack(self.tally.read_bytes())
        path = values[65].split(b"\0")[0].decode(errors="replace")
        return Result(status, output, errors.decode(errors="replace"), written, names, path, values[64])

    def _counts(self) -> dict[str, int]:
        return dict(zip(CALLS, TALLY.unpack(self.tally.read_bytes())))

    def together(self) -> str | None:
        """What is wrong where two commands make the index at once and a third queries meanwhile."""
        self.reset()
        index = [self.program, "index", "bundle", "--index-dir", "indexes", "--quiet"]
        query = [self.program, *self._queries("plan.*"), "--index-dir", "indexes"]
        makers = [subprocess.Popen(index, cwd=self.home, env=ENVIRONMENT, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE) for _ in range(2)]
        wrong = None
        while any(maker.poll() is None for maker in makers):
            done = subprocess.run(query, cwd=self.home, env=ENVIRONMENT, capture_output=True, timeout=LONGEST)
            if done.returncode != 0 or done.stdout != self.good["query"].output:
                words = done.stderr.decode(errors="replace")[:200]
                wrong = f"a query meanwhile gives another answer: status {done.returncode}: {words}"
        for maker in makers:
            errors = maker.communicate()[1].decode(errors="replace").strip()
            if maker.returncode not in (0, 5) or (maker.returncode and not errors):
                wrong = wrong or f"an index of two at once ends with status {maker.returncode}: {errors[:200]}"
        if all(maker.returncode for maker in makers):
            wrong = wrong or "neither of two commands made the index"
        left = [name for name in self.look(())[1] if ".tmp" in name]
        return wrong or (f"left behind: {left}" if left else None) or self._wrong_index()

    def look(self, outputs: tuple[str, ...]):
        """What the outputs hold, and which files there are at all."""
        written = {}
        for name in outputs:
            written[name] = self._digest(self.home / name)
        names = frozenset(str(path.relative_to(self.home)) for path in self.home.rglob("*"))
        return written, names

    @staticmethod
    def _digest(path: Path) -> str:
        if not path.exists():
            return "absent"
        files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
        digest = hashlib.sha256()
        for file in files:
            # What is left behind under a name of its own is judged by its name.
            if ".tmp" not in file.relative_to(path.parent).as_posix():
                digest.update(f"{file.relative_to(path.parent)} {file.stat().st_size}\n".encode() + file.read_bytes())
        return digest.hexdigest()

    def earlier(self, outputs: tuple[str, ...]) -> dict[str, str]:
        return {name: self._digest(self.saved / name) for name in outputs}

    def faults_of(self, command: Command) -> list[Fault]:
        """Every call of a command with every error."""
        found = []
        for call, count in self.counts[command.name].items():
            for number in range(1, count + 1):
                found += [Fault(call, number, error) for error in ERRORS.get(call, OTHERS)]
                found += [Fault(call, number, error, True) for error in LASTING.get(call, ())]
                if call in CHANGED_BEFORE and command.reads_bundle:
                    found += [Fault(call, number, change) for change in CHANGES]
        return found

    def judge(self, command: Command, fault: Fault) -> tuple[str, Result] | None:
        """What is wrong with how a command takes a fault; nil where nothing is."""
        self.reset()
        result = self.run(command, fault)
        if not result.struck:
            # Threads make their calls in another order, and sometimes fewer.
            return None
        wrong = self._wrong_change(command, result) if fault.is_change else self._wrong(command, fault, result)
        if fault.is_change:
            self._restore_bundle()
        return (wrong, result) if wrong else None

    def _wrong_change(self, command: Command, result: Result) -> str | None:
        """What is wrong where a log was changed meanwhile.

        The result is that of the earlier log or of the later one, or it is said that part of it could not be read.
        """
        if wrong := self._wrong_end(result):
            return wrong
        if [name for name in result.names if ".tmp" in name]:
            return f"a temporary file is left: status {result.status}"
        if "indexes" in command.outputs and (wrong := self._wrong_index()):
            return wrong
        if result.status in (3, 5) or (result.status == 4 and "index" in command.name):
            return None if result.said(command).strip() else f"no message: status {result.status}"
        if result.status != 0:
            return f"status {result.status}"
        good = self.good[command.name]
        if result.output == good.output and result.written == good.written:
            return None
        if "indexes" in command.outputs:
            return None
        # As it is now.
        later = self.run(command)
        if result.output == later.output and result.written == later.written:
            return None
        return "status 0 with a result that is neither the earlier log's nor the later's"

    @staticmethod
    def _queries(event: str) -> tuple[str, ...]:
        return "query", "bundle", "--event", event, "--format", "jsonl", "--quiet"

    def _wrong_index(self) -> str | None:
        """Whether what a query gives beside the index that is there is what it gives without."""
        arguments = self._queries("*")
        beside = self.run(Command("query", (*arguments, "--index-dir", "indexes")))
        without = self.run(Command("query", (*arguments, "--no-index")))
        if (beside.status, beside.output) != (without.status, without.output):
            return "a query then gives another answer with the index than without"
        return None

    def _restore_bundle(self) -> None:
        """Puts the bundle back, times included, so that its index stays good."""
        for path in self.home.joinpath("bundle").iterdir():
            path.unlink()
        for path in self.kept.iterdir():
            shutil.copy2(path, self.home / "bundle" / path.name)

    @staticmethod
    def _wrong_end(result: Result) -> str | None:
        if result.status is None:
            return "hang"
        return f"crash with status {result.status}" if result.status < 0 or result.status >= 128 else None

    def _wrong(self, command: Command, fault: Fault, result: Result) -> str | None:
        good = self.good[command.name]
        if wrong := self._wrong_end(result):
            return wrong
        whole = result.output == good.output and result.written == good.written
        if fault.is_harmless and not (result.status == 0 and whole):
            return f"changes the result: status {result.status}"
        left = [name for name in result.names if ".tmp" in name]
        if left and not (fault.call in REMOVING and ".tmp" in result.path):
            return f"a temporary file is left: status {result.status}"
        if result.status == 0:
            return None if whole else "status 0 with another result"
        return self._wrong_failure(command, fault, result)

    def _wrong_failure(self, command: Command, fault: Fault, result: Result) -> str | None:
        """How a command fails: with a status that says so, the file's name, and outputs that are old or whole."""
        if result.status not in (3, 4, 5):
            return f"status {result.status}"
        if fault.call in WRITING and result.status != 5:
            return f"status {result.status} where writing failed, not 5"
        good, earlier = self.good[command.name].written, self.earlier(command.outputs)
        states = {name: "old" if digest == earlier[name] else "new" if digest == good[name] else "other"
                  for name, digest in result.written.items()}
        if result.status != 3 and (set(states.values()) - {"old"}):
            # An output may be whole where only what came behind it failed, but not one of two.
            if set(states.values()) != {"new"}:
                return f"outputs are {', '.join(sorted(set(states.values())))}: status {result.status}"
        if result.status == 3 and len(set(states.values())) > 1:
            return f"outputs are {', '.join(sorted(set(states.values())))}: status 3"
        if not result.said(command).strip():
            return None if result.path == "descriptor 2" else f"no message: status {result.status}"
        # Of errors that last only the first is known.
        if fault.lasts or self._names(command, result):
            return None
        return f"the message does not name the file: status {result.status}"

    @staticmethod
    def _names(command: Command, result: Result) -> bool:
        """Whether the message says which file it was: by its name, or that of the output it becomes."""
        if not result.path:
            return True
        words = result.said(command)
        if result.path.startswith("descriptor ") or result.path.startswith("pipe:"):
            return "standard" in words or "output" in words or "stdin" in words
        # What a file becomes, or is read for, says as much as its own name: a log inside an archive is that archive's.
        names = [os.path.basename(result.path), *command.outputs, *map(os.path.basename, command.outputs), "stdin"]
        names += [argument for argument in command.arguments if argument.startswith(("bundle", "logs."))]
        # A file without a name is told by its folder and by what it is.
        if result.path.endswith(" (deleted)") or result.path.endswith("/inquest.XXXXXX"):
            names += ["temporary", "spool"]
        return any(name in words for name in names)

    def kill(self, command: Command, after: float) -> str | None:
        """What is wrong after a command was killed at some moment, and when it then runs again."""
        self.reset()
        result = self.run(command, kill_after=after)
        good, earlier = self.good[command.name].written, self.earlier(command.outputs)
        for name, digest in result.written.items():
            if digest not in (good[name], earlier[name]):
                return f"{name} is half-written"
        # What a killed run left is neither believed nor in the way.
        if wrong := self._wrong_index():
            return wrong
        again = self.run(command)
        if again.status != 0 or again.written != good:
            return f"running it again gives another result: status {again.status}: {again.errors.strip()[:120]}"
        return None


_stage: Stage | None = None


def _begin(program: str, shim: str, base: str) -> None:
    global _stage
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _stage = Stage(program, shim, Path(base) / str(os.getpid()))


def _judge(job: tuple[str, Fault | float | None]) -> tuple[str, str | None]:
    """Where it was, with what the command said, and what is wrong; nil where nothing is."""
    name, fault = job
    if fault is None:
        return "one of the runs", _stage.together()
    command = _command(name)
    if isinstance(fault, float):
        return f"kill -9 after {fault * 1e3:.1f} ms", _stage.kill(command, fault)
    found = _stage.judge(command, fault)
    if not found:
        return fault.words, None
    wrong, result = found
    message = result.errors.strip().splitlines()
    place = f" ({result.path})" if result.path else ""
    return fault.words + place + (f": {message[-1]}" if message else ""), wrong


def sweep(arguments: argparse.Namespace) -> int:
    """Runs everything and prints what is wrong, command by command; the exit status."""
    source = random.Random(arguments.seed)
    points = failed = 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="inquest-faults-") as base:
        program, shim = os.path.abspath(arguments.program), os.path.abspath(arguments.shim)
        stage = Stage(program, shim, Path(base) / "planner")
        print(f"{'command':<24} {'points':>8} {'faults':>8}", flush=True)
        with multiprocessing.Pool(arguments.jobs, _begin, (program, shim, base)) as pool:
            for name in [*(command.name for command in commands()), TOGETHER]:
                if not re.search(arguments.only, name):
                    continue
                jobs = [(name, fault) for fault in _drawn(stage, name, arguments, source)]
                wrongs: collections.Counter = collections.Counter()
                first: dict[str, str] = {}
                for words, wrong in pool.imap_unordered(_judge, jobs, chunksize=2):
                    if wrong:
                        wrongs[wrong] += 1
                        first.setdefault(wrong, words)
                print(f"{name:<24} {len(jobs):>8,} {wrongs.total():>8,}")
                for wrong, times in wrongs.most_common():
                    print(f"  {times:,} times: {wrong}; first at {first[wrong]}")
                sys.stdout.flush()
                points += len(jobs)
                failed += wrongs.total()
    print(f"{'all':<24} {points:>8,} {failed:>8,}")
    print(f"{time.monotonic() - began:,.0f} s, seed {arguments.seed}")
    return 1 if failed else 0


def _drawn(stage: Stage, name: str, arguments, source: random.Random) -> list[Fault | float | None]:
    """What is tried with a command: faults, and moments at which it is killed; nothing but runs where several run."""
    if name == TOGETHER:
        return [None] * arguments.kills
    command = _command(name)
    faults: list[Fault | float | None] = list(stage.faults_of(command))
    if arguments.sample is not None and len(faults) > arguments.sample:
        faults = source.sample(faults, arguments.sample)
    if command.outputs and command.name != "simulate":
        took = _seconds(stage, command)
        faults += [source.uniform(0, took) for _ in range(arguments.kills)]
    return faults


def _command(name: str) -> Command:
    return next(command for command in commands() if command.name == name)


def _seconds(stage: Stage, command: Command) -> float:
    stage.reset()
    began = time.monotonic()
    stage.run(command)
    return 1.2 * (time.monotonic() - began)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", help="the inquest to try")
    parser.add_argument("--shim", default=".build/torture/faults.so", help="faults.c as a library")
    parser.add_argument("--sample", type=int, metavar="N", help="at most N faults a command, drawn by the seed")
    parser.add_argument("--kills", type=int, default=100, metavar="N",
                        help="how often a command that writes is killed, and two make an index at once (100)")
    parser.add_argument("--only", default="", metavar="PATTERN", help="only commands whose name matches")
    parser.add_argument("--seed", type=int, default=1, help="of everything that is drawn (1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes that work at a time")
    return sweep(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
