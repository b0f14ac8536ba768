-- Whose writes were refused, throttled or timed out, and where.
-- One row for each writer, endpoint and outcome other than ok, the most frequent first, with the first and last time and an error text.
-- :endpoint  text = * — only endpoints that match this pattern (SQL's GLOB)
-- :limit  integer = 100 — how many rows at most; -1 for all
SELECT actor, endpoint, outcome, count(*) AS writes, rfc3339(min(ts)) AS first, rfc3339(max(ts)) AS last,
       count(DISTINCT plan) AS plans, max(error) AS error
FROM events
WHERE event = 'plan.applied' AND outcome <> 'ok' AND endpoint GLOB :endpoint
GROUP BY actor, endpoint, outcome
ORDER BY writes DESC, actor, endpoint, outcome
LIMIT :limit
