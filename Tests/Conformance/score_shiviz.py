#!/usr/bin/env python3
"""Compares all pairs of the logs of ShiViz: score_shiviz.py INQUEST FOLDER. Exit status 1 where any count is wrong."""
import csv, json, os, subprocess, sys

COLUMNS = ["events", "hosts", "happened_before_pairs", "concurrent_pairs", "direct_cross_host_edges"]

def main():
    binary, folder = sys.argv[1:]
    with open(os.path.join(folder, "expected.tsv")) as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    wrong = 0
    for row in rows:
        arguments = ["check", os.path.join(folder, row["log"]), "--pattern", row["regex"], "--pairs", "--format", "json"]
        if row["delimiter"] != "-": arguments += ["--delimiter", row["delimiter"]]
        run = subprocess.run([binary, *arguments, "--quiet"], capture_output=True, text=True, timeout=300)
        found = json.loads(run.stdout)["executions"] if run.returncode == 0 else []
        got = [[e[c] for c in COLUMNS] for e in found if row["execution"] == "-" or e["execution"] == row["execution"]]
        want = [[int(row[c]) for c in COLUMNS]]
        name = f"{row['log']} {row['execution']}"
        print(f"{name}: " + ("right" if got == want else f"WRONG {got} instead of {want} {run.stderr.strip()[:200]}"))
        wrong += got != want
    print(f"{len(rows) - wrong} of {len(rows)} right")
    sys.exit(bool(wrong))

main()
