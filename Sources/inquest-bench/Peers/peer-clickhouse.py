"""Answers a question with ClickHouse, embedded: peer-clickhouse.py QUESTION ENDPOINT FILE..."""

import sys

import chdb

LOGS = """file({files}, 'JSONEachRow',
    'ts String, actor String, event String, endpoint String, plan Int64, commit Int64, queue String, depth Int64')"""
QUESTIONS = {
    "events": "SELECT event, count() FROM {logs} GROUP BY event",
    "overwrites": """
        SELECT endpoint, plan, before
        FROM (SELECT endpoint, plan, lagInFrame(plan) OVER (
                  PARTITION BY endpoint ORDER BY commit ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS before
              FROM {logs} WHERE event = 'change.committed')
        WHERE before > plan""",
    "endpoint": "SELECT ts, actor, event, plan FROM {logs} WHERE endpoint = {endpoint}",
    "depths": """
        SELECT substring(ts, 1, 19) AS second, queue, max(depth) FROM {logs} WHERE event = 'queue.sampled'
        GROUP BY second, queue""",
}


def text(value):
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


question, endpoint, files = sys.argv[1], sys.argv[2], sys.argv[3:]
logs = LOGS.format(files=text("{" + ",".join(files) + "}" if len(files) > 1 else files[0]))
answer = chdb.query(QUESTIONS[question].format(logs=logs, endpoint=text(endpoint)), "TSV")
sys.stdout.write(answer.bytes().decode().replace("\t", ","))
