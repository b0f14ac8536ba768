-- What happened to an endpoint, in causal order.
-- Writes and their results, the store's own view, deletions that name it, look-ups. One row an event.
-- :endpoint  text, required — the endpoint's whole name
-- :since  time = none — from this moment on
-- :until  time = none — up to and with this moment
-- :limit  integer = 100 — how many rows at most; -1 for all
SELECT seq, time, actor, event, plan, outcome, replaces, commit_no, records, attempt, latency_ms, error, reason,
       file || ':' || line AS record
FROM events
WHERE endpoint = :endpoint
  AND ts >= ifnull(:since, -1e19)
  AND ts <= ifnull(:until, 1e19)
ORDER BY seq
LIMIT :limit
