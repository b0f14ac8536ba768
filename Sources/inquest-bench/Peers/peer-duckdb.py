"""Answers a question with DuckDB: from the logs, or (table) from a table of its own that was made of them before.

peer-duckdb.py QUESTION ENDPOINT FILE...           reads the logs
peer-duckdb.py load DATABASE FILE...               makes the table
peer-duckdb.py table DATABASE QUESTION ENDPOINT    reads the table
"""

import csv
import sys

import duckdb

COLUMNS = {
    "ts": "VARCHAR", "actor": "VARCHAR", "event": "VARCHAR", "endpoint": "VARCHAR", "plan": "BIGINT",
    "commit": "BIGINT", "queue": "VARCHAR", "depth": "BIGINT",
}
QUESTIONS = {
    "events": "SELECT event, count(*) FROM {logs} GROUP BY event",
    "overwrites": """
        SELECT endpoint, plan, before
        FROM (SELECT endpoint, plan, lag(plan) OVER (PARTITION BY endpoint ORDER BY "commit") AS before
              FROM {logs} WHERE event = 'change.committed')
        WHERE before > plan""",
    "endpoint": "SELECT ts, actor, event, plan FROM {logs} WHERE endpoint = $endpoint",
    "depths": """
        SELECT ts[:19], queue, max(depth) FROM {logs} WHERE event = 'queue.sampled' GROUP BY ts[:19], queue""",
}


def reading(files):
    return f"read_json({files!r}, format = 'newline_delimited', columns = {COLUMNS!r})"


def answer(connection, question, endpoint, logs):
    parameters = {"endpoint": endpoint} if question == "endpoint" else {}
    rows = connection.execute(QUESTIONS[question].format(logs=logs), parameters).fetchall()
    csv.writer(sys.stdout, lineterminator="\n").writerows(rows)


if sys.argv[1] == "load":
    connection = duckdb.connect(sys.argv[2])
    connection.execute(f"CREATE OR REPLACE TABLE logs AS SELECT * FROM {reading(sys.argv[3:])}")
    connection.execute("CREATE INDEX by_endpoint ON logs (endpoint)")
elif sys.argv[1] == "table":
    answer(duckdb.connect(sys.argv[2], read_only=True), sys.argv[3], sys.argv[4], "logs")
else:
    answer(duckdb.connect(), sys.argv[1], sys.argv[2], reading(sys.argv[3:]))
