-- The slowest writes of plans.
-- By the latency that the record states, else by the time since the writer's plan.applying of the same plan on the
-- same endpoint (both by the writer's own clock). Writes of every outcome: timeouts are often the slowest.
-- :endpoint  text = * — only endpoints that match this pattern (SQL's GLOB)
-- :actor  text = * — only writers that match this pattern
-- :limit  integer = 20 — how many rows at most; -1 for all
WITH steps AS (
    SELECT seq, event, ts, latency_ms,
           max(CASE event WHEN 'plan.applying' THEN ts END)
               OVER (PARTITION BY actor, endpoint, plan ORDER BY seq ROWS UNBOUNDED PRECEDING) AS sent
    FROM events
    WHERE event IN ('plan.applying', 'plan.applied') AND endpoint GLOB :endpoint AND actor GLOB :actor
), slowest AS (
    SELECT seq, coalesce(latency_ms, (ts - sent) / 1e6) AS ms
    FROM steps
    WHERE event = 'plan.applied' AND coalesce(latency_ms, ts - sent) IS NOT NULL
    ORDER BY ms DESC, seq
    LIMIT :limit
)
SELECT round(s.ms, 3) AS ms, e.time, e.actor, e.endpoint, e.plan, coalesce(e.outcome, 'ok') AS outcome, e.attempt,
       e.file || ':' || e.line AS record
FROM slowest AS s JOIN events AS e USING (seq)
ORDER BY s.ms DESC, e.seq
