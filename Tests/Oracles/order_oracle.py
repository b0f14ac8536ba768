#!/usr/bin/env python3
"""Compares the causal order of `inquest query` with one computed naively from the event log contract.

  order_oracle.py show BUNDLE                      print the sequence that the contract defines
  order_oracle.py check INQUEST BUNDLE ...         compare on given bundles
  order_oracle.py cases FOLDER                     compare this oracle itself with expected.json of conformance cases
  order_oracle.py random INQUEST --seeds A..B      compare on random bundles; failing ones are shrunk and kept

Faults are told apart: "edges" are pairs that happened-before orders and the program gives the other way round;
"sequence" is another linear extension than the one that the contract defines; "records" are lost or made up.
"""
import argparse
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from bundle import Ambiguous, read
from happens_before import Order


def given_order(inquest, folder):
    """The lines that the program prints, in its order."""
    run = subprocess.run([inquest, "query", folder, "--event", "*", "--format", "jsonl", "--quiet"],
                         capture_output=True, timeout=120)
    if run.returncode not in (0, 3):
        raise RuntimeError(f"exit status {run.returncode}: {run.stderr.decode(errors='replace').strip()[:300]}")
    return [line for line in run.stdout.split(b"\n") if line]


def compare(inquest, folder):
    """(kind, words) of what is wrong on a bundle, in words that name records; None where nothing is."""
    order = Order(read(folder))
    if not order.records:
        return None
    try:
        lines = given_order(inquest, folder)
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return "crash", str(error)
    places = collections.defaultdict(list)
    for n, line in enumerate(lines):
        places[line].append(n)
    texts = collections.Counter(r.text for r in order.records)
    for text, count in texts.items():
        if len(places[text]) < count:
            return "records", f"missing {count - len(places[text])} of {text.decode(errors='replace')[:160]}"
    # Equal lines that are several events cannot be told apart: the k-th in the sequence is the k-th printed.
    place, used = {}, collections.Counter()
    for record in order.sequence:
        place[id(record)] = places[record.text][used[record.text]]
        used[record.text] += 1
    for (x, y), rules in sorted(order.edges.items()):
        one, other = order.records[x], order.records[y]
        if texts[one.text] == texts[other.text] == 1 and place[id(one)] > place[id(other)]:
            return "edges", f"{one} -> {other} ({', '.join(sorted(rules))}) is reversed"
    printed = sorted(order.sequence, key=lambda r: place[id(r)])
    for n, (want, got) in enumerate(zip(order.sequence, printed)):
        if want is not got:
            return "sequence", f"position {n + 1} is {want}, not {got}"
    return None


def shrink(inquest, folder, kind):
    """Removes lines one at a time while the same kind of fault stays."""
    def variants():
        names = sorted(os.listdir(folder))
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                lines = file.read().splitlines(keepends=True)
            for at in range(len(lines)):
                yield name, lines, lines[:at] + lines[at + 1:]

    def write(name, lines):
        path = os.path.join(folder, name)
        if lines:
            with open(path, "wb") as file:
                file.write(b"".join(lines))
        elif os.path.exists(path):
            os.remove(path)

    def still_fails():
        try:
            fault = compare(inquest, folder) if os.listdir(folder) else None
        except Ambiguous:
            return False
        return fault is not None and fault[0] == kind

    shrunk = True
    while shrunk:
        shrunk = False
        for name, before, after in variants():
            write(name, after)
            if still_fails():
                shrunk = True
                break
            write(name, before)


def judge_seed(arguments, seed):
    from random_bundles import RandomBundle
    bundle = RandomBundle(seed, arguments.faults, (arguments.without or "").split(","))
    folder = tempfile.mkdtemp(prefix=f"order-{seed}-")
    try:
        bundle.write(folder)
        try:
            fault = compare(arguments.inquest, folder)
        except Ambiguous as reason:
            return seed, bundle.faults, ("ambiguous", str(reason))
        if fault and fault[0] != "crash" and not arguments.whole:
            shrink(arguments.inquest, folder, fault[0])
            fault = compare(arguments.inquest, folder)
        if fault and arguments.keep:
            kept = os.path.join(arguments.keep, f"seed-{seed}")
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(folder, kept)
        return seed, bundle.faults, fault
    finally:
        shutil.rmtree(folder)


def random(arguments):
    first, last = (int(part) for part in arguments.seeds.split(".."))
    table = collections.defaultdict(collections.Counter)
    total, shown = collections.Counter(), 0
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for seed, faults, fault in pool.map(lambda seed: judge_seed(arguments, seed), range(first, last + 1)):
            kind = fault[0] if fault else "right"
            total[kind] += 1
            for name in faults or ["none"]:
                table[name][kind] += 1
            if fault and kind != "ambiguous" and shown < arguments.show:
                shown += 1
                print(f"seed {seed} ({', '.join(faults) or 'no fault'}): {kind}: {fault[1]}", flush=True)
    kinds = ["right", "edges", "sequence", "records", "crash", "ambiguous"]
    print(f"\n{'in the logs':18}" + "".join(f"{kind:>11}" for kind in kinds))
    for name in sorted(table):
        print(f"{name:18}" + "".join(f"{table[name][kind]:11}" for kind in kinds))
    print(f"{'all bundles':18}" + "".join(f"{total[kind]:11}" for kind in kinds))
    wrong = sum(total[kind] for kind in ("edges", "sequence", "records", "crash"))
    if wrong and arguments.keep:
        print(f"Shrunk bundles are in {arguments.keep}; one again: "
              f"order_oracle.py check {arguments.inquest} {arguments.keep}/seed-N")
    return 1 if wrong else 0


def check(arguments):
    wrong = 0
    for folder in arguments.bundles:
        try:
            fault = compare(arguments.inquest, folder)
        except Ambiguous as reason:
            print(f"{folder}: skipped: {reason}")
            continue
        wrong += fault is not None
        print(f"{folder}: {'right' if fault is None else f'{fault[0]}: {fault[1]}'}")
    return 1 if wrong else 0


def cases(arguments):
    """Whether this oracle agrees with the order that conformance cases expect."""
    wrong = count = 0
    for name in sorted(os.listdir(arguments.folder)):
        path = os.path.join(arguments.folder, name, "expected.json")
        if not name.startswith("order-") or not os.path.exists(path):
            continue
        with open(path) as file:
            expected = json.load(file)
        row = expected.get("order", [])
        pairs = expected.get("order_pairs", []) + [list(pair) for pair in zip(row, row[1:])]
        order = Order(read(os.path.join(arguments.folder, name, "input")))
        place = {r.place: n for n, r in enumerate(order.sequence)}
        text = {r.place: r.text for r in read(os.path.join(arguments.folder, name, "input"))}
        by_text = {r.text: n for n, r in enumerate(order.sequence)}
        at = lambda p: place.get(p, by_text.get(text[p]))
        bad = [pair for pair in pairs if at(pair[0]) >= at(pair[1])]
        count += 1
        wrong += bool(bad)
        print(f"{name}: {len(pairs)} pairs, {'all agree' if not bad else f'{len(bad)} differ, the first {bad[0]}'}")
    print(f"{count - wrong} of {count} cases agree")
    return 1 if wrong else 0


def show(arguments):
    for record in Order(read(arguments.bundle)).sequence:
        print(f"{record.place:24} {record.text.decode(errors='replace')[:200]}")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("show")
    one.add_argument("bundle")
    one.set_defaults(run=show)
    one = commands.add_parser("check")
    one.add_argument("inquest", type=os.path.abspath)
    one.add_argument("bundles", nargs="+")
    one.set_defaults(run=check)
    one = commands.add_parser("cases")
    one.add_argument("folder")
    one.set_defaults(run=cases)
    one = commands.add_parser("random")
    one.add_argument("inquest", type=os.path.abspath)
    one.add_argument("--seeds", default="1..200", help="A..B, both included")
    one.add_argument("--faults", help="only bundles with these, separated by commas")
    one.add_argument("--without", help="no bundles with these, separated by commas")
    one.add_argument("--jobs", type=int, default=1, help="programs run at a time")
    one.add_argument("--keep", default=".build/oracles/order", help="folder for failing bundles")
    one.add_argument("--show", type=int, default=20, help="failing seeds to print")
    one.add_argument("--whole", action="store_true", help="do not shrink failing bundles")
    one.set_defaults(run=random)
    arguments = parser.parse_args()
    sys.exit(arguments.run(arguments))


if __name__ == "__main__":
    main()
