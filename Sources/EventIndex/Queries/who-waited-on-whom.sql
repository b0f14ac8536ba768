-- Who waited on whom for an endpoint.
-- A write is in flight from its first plan.applying to its plan.applied. Whoever else's write to the same endpoint came to its result
-- meanwhile was waited on. For each pair: how many waits, on how many endpoints, how often the waiter had to try
-- again, and how long its writes were in flight, in all and at most (by its own clock).
-- :endpoint  text = * — only endpoints that match this pattern (SQL's GLOB)
-- :limit  integer = 100 — how many pairs at most; -1 for all
WITH steps AS MATERIALIZED (
    SELECT seq, ts, actor, endpoint, plan, event, attempt,
           count(*) FILTER (WHERE event = 'plan.applied' AND coalesce(outcome, 'ok') = 'ok')
               OVER (PARTITION BY actor, endpoint, plan ORDER BY seq
                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS flight
    FROM events
    WHERE event IN ('plan.applying', 'plan.applied') AND endpoint GLOB :endpoint
), flights AS (
    SELECT actor, endpoint, plan, min(seq) AS first, max(seq) AS last, max(ts) - min(ts) AS span,
           max(coalesce(attempt, 1)) - 1 AS retries
    FROM steps
    GROUP BY actor, endpoint, plan, flight
    HAVING count(*) > 1
), answers AS MATERIALIZED (
    SELECT seq, actor, endpoint FROM steps WHERE event = 'plan.applied'
), waits AS (
    SELECT DISTINCT f.actor AS waiter, w.actor AS waited_on, f.endpoint, f.plan, f.first, f.span, f.retries
    FROM flights AS f JOIN answers AS w
      ON w.endpoint = f.endpoint AND w.seq > f.first AND w.seq < f.last
    WHERE w.actor <> f.actor
)
SELECT waiter, waited_on, count(*) AS waits, count(DISTINCT endpoint) AS endpoints, sum(retries) AS retries,
       round(sum(span) / 1e6, 3) AS total_ms, round(max(span) / 1e6, 3) AS longest_ms
FROM waits
GROUP BY waiter, waited_on
ORDER BY sum(span) DESC, waiter, waited_on
LIMIT :limit
