#!/bin/sh
# Answers a question with lnav's SQL: peer-lnav.sh QUESTION ENDPOINT FILE...
# A column cannot be called commit, which is a word of SQL's own: it is taken from the line.
set -eu
question=$1
endpoint=$(printf %s "$2" | sed "s/'/''/g")
shift 2

case $question in
events) query="SELECT log_body, count(*) FROM inquest_events GROUP BY log_body" ;;
overwrites)
    query="SELECT endpoint, plan, before FROM (
               SELECT endpoint, plan,
                      lag(plan) OVER (PARTITION BY endpoint ORDER BY jget(log_raw_text, '/commit')) AS before
               FROM inquest_events WHERE log_body = 'change.committed')
           WHERE before > plan"
    ;;
endpoint)
    query="SELECT jget(log_raw_text, '/ts') AS ts, actor, log_body, plan FROM inquest_events
           WHERE endpoint = '$endpoint'"
    ;;
depths)
    query="SELECT substr(jget(log_raw_text, '/ts'), 1, 19) AS second, queue, max(depth) FROM inquest_events
           WHERE log_body = 'queue.sampled' GROUP BY second, queue"
    ;;
*)
    echo "peer-lnav.sh: no question $question" >&2
    exit 2
    ;;
esac

# lnav keeps what it inflated for days: each run has a home of its own.
HOME=$(mktemp -d)
trap 'rm -rf "$HOME"' EXIT
TMPDIR=$HOME
export HOME TMPDIR
mkdir -p "$HOME/.lnav/formats/inquest"
cat >"$HOME/.lnav/formats/inquest/format.json" <<'FORMAT'
{
  "inquest_events": {
    "title": "inquest.events/1",
    "json": true,
    "timestamp-field": "ts",
    "body-field": "event",
    "hide-extra": true,
    "line-format": [{ "field": "__timestamp__" }, " ", { "field": "event" }],
    "value": {
      "actor": { "kind": "string" },
      "endpoint": { "kind": "string" },
      "plan": { "kind": "integer" },
      "queue": { "kind": "string" },
      "depth": { "kind": "integer" }
    }
  }
}
FORMAT
lnav -N -n -c ";$query" -c ":write-csv-to -" "$@" | tail -n +2
