"""The text that every container of the torture holds: lines that `inquest simulate` wrote, no two of them equal."""

import subprocess
from pathlib import Path


class Text:
    """A log's bytes and where its lines stand in them, so that a record that comes out is known by its bytes."""

    def __init__(self, data: bytes):
        self.data = data
        self.lines = data.split(b"\n")[:-1]
        self.number = {line: index for index, line in enumerate(self.lines)}
        if len(self.number) != len(self.lines):
            raise ValueError("the corpus holds a line twice")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def within(self, start: int, end: int) -> set[int]:
        """Numbers of the lines that lie in a stretch of the text with their line breaks."""
        return {
            index
            for index in range(len(self.lines))
            if start <= self.starts[index] and self.starts[index + 1] <= end
        }

    def parts(self, count: int, shift: int = 0) -> list[bytes]:
        """The text in parts of about as many lines each, cut `shift` bytes behind a line's beginning."""
        cuts = [self.starts[len(self.lines) * part // count] + shift for part in range(1, count)]
        places = [0, *cuts, len(self.data)]
        return [self.data[start:end] for start, end in zip(places, places[1:])]


class Corpus:
    """Texts cut from one simulated race, by size. The same seed gives the same bytes on any machine."""

    def __init__(self, program: str, folder: Path, seed: int):
        log = folder / "race"
        command = [program, "simulate", "race", "--seed", str(seed), "--scale", "0.2", "--faults", "none"]
        command += ["-o", str(log), "--quiet"]
        subprocess.run(command, check=True, timeout=120)
        self.lines: list[bytes] = []
        for path in sorted(log.glob("*.zst")):
            done = subprocess.run(["zstd", "-dcq", str(path)], check=True, capture_output=True)
            self.lines += done.stdout.splitlines()

    def text(self, lines: int, begin: int = 0) -> Text:
        """A number of lines; those of different beginnings share none."""
        chosen = self.lines[begin : begin + lines]
        if len(chosen) < lines:
            raise ValueError(f"the corpus has only {len(self.lines):,} lines")
        return Text(b"".join(line + b"\n" for line in chosen))
