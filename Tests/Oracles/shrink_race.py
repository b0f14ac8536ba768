"""Makes a race that is judged wrongly smaller: takes out records while the oracle says the same of it."""
import json
import os
import shutil

from race import Race


class SmallRace:
    """A race's logs as lines that can be taken out, and its truth, which says so."""

    def __init__(self, folder):
        with open(os.path.join(folder, "truth.json")) as file:
            self.truth = json.load(file)
        self.logs = {log["log"]: [text for text, _, _ in Race.read(folder, log["log"])] for log in self.truth["logs"]}
        self.kept = [(log, n) for log, lines in self.logs.items() for n in range(1, len(lines) + 1)]

    def write(self, folder, kept):
        """Writes plain logs of the lines that are kept, and the truth with their new places."""
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        rows = {log: [n for name, n in kept if name == log] for log in self.logs}
        for log, numbers in rows.items():
            if numbers:
                with open(os.path.join(folder, f"{log}.jsonl"), "wb") as file:
                    file.write(b"".join(self.logs[log][n - 1] + b"\n" for n in numbers))
        truth = dict(self.truth, logs=[])
        for log in self.truth["logs"]:
            place = {n: at for at, n in enumerate(rows[log["log"]], 1)}
            truth["logs"].append(dict(log, lines=[place.get(n, 0) for n in log["lines"]]))
        with open(os.path.join(folder, "truth.json"), "w") as file:
            json.dump(truth, file)


def shrink(folder, target, words_of):
    """Shrinks for the first of the words that `words_of` says of a folder (delta debugging); prints what is left."""
    race, trial = SmallRace(folder), target + ".trial"
    race.write(target, race.kept)
    wanted = words_of(target)[0].split(" (commit")[0]

    def still(kept):
        race.write(trial, kept)
        fails = any(word.startswith(wanted) for word in words_of(trial))
        if fails:
            race.write(target, kept)
        return fails

    kept, size = race.kept, max(1, len(race.kept) // 2)
    while True:
        at, removed = 0, False
        while at < len(kept):
            fewer = kept[:at] + kept[at + size:]
            if fewer and still(fewer):
                kept, removed = fewer, True
            else:
                at += size
        if size == 1 and not removed:
            break
        size = max(1, size // 2) if not removed or size > 1 else 1
    shutil.rmtree(trial, ignore_errors=True)
    print(f"{wanted}: {len(kept)} of {len(race.kept)} records are left, in {target}")
    for log, n in kept:
        print(f"  {log}: {race.logs[log][n - 1].decode()}")
