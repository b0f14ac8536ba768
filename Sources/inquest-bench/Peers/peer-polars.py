"""Answers a question with polars: peer-polars.py QUESTION ENDPOINT FILE..."""

import sys

import polars as pl

SCHEMA = {
    "ts": pl.String, "actor": pl.String, "event": pl.String, "endpoint": pl.String, "plan": pl.Int64,
    "commit": pl.Int64, "queue": pl.String, "depth": pl.Int64,
}
question, endpoint, files = sys.argv[1], sys.argv[2], sys.argv[3:]
logs = pl.scan_ndjson(files, schema=SCHEMA)
answer = {
    "events": lambda: logs.group_by("event").agg(pl.len()),
    "overwrites": lambda: logs.filter(pl.col("event") == "change.committed")
    .sort("endpoint", "commit")
    .select("endpoint", "plan", before=pl.col("plan").shift(1).over("endpoint"))
    .filter(pl.col("before") > pl.col("plan")),
    "endpoint": lambda: logs.filter(pl.col("endpoint") == endpoint).select("ts", "actor", "event", "plan"),
    "depths": lambda: logs.filter(pl.col("event") == "queue.sampled")
    .group_by(pl.col("ts").str.slice(0, 19), "queue").agg(pl.col("depth").max()),
}[question]().collect(engine="streaming")
sys.stdout.write(answer.write_csv(include_header=False))
