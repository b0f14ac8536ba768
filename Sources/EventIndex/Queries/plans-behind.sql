-- How many plans each endpoint was behind the newest, and when.
-- After every write that took effect, in causal order: the plan now on the endpoint, the newest that had been created or written
-- anywhere before it, and the difference. A large or growing number is an endpoint that automation leaves behind.
-- :endpoint  text = * — only endpoints that match this pattern (SQL's GLOB)
-- :behind  integer = 1 — only rows at least this many plans behind
-- :since  time = none — from this moment on
-- :until  time = none — up to and with this moment
-- :limit  integer = 1000 — how many rows at most; -1 for all
WITH known AS (
    SELECT seq, ts, time, endpoint, event, actor, by, plan, outcome,
           max(plan) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS newest
    FROM events
    WHERE event = 'plan.created'
       OR event IN ('plan.applied', 'change.committed') AND coalesce(outcome, 'ok') = 'ok'
)
SELECT endpoint, time, coalesce(by, actor) AS writer, plan, newest, newest - plan AS behind
FROM known
WHERE event <> 'plan.created' AND endpoint GLOB :endpoint AND newest - plan >= :behind
  AND ts >= ifnull(:since, -1e19)
  AND ts <= ifnull(:until, 1e19)
ORDER BY endpoint, seq
LIMIT :limit
