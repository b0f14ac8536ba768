-- The last writer of each endpoint: whose write stood there when the logs end.
-- "Last" is the latest in the store's own order of writes (commit) where the endpoint's writes have one, else in causal order. A write
-- that failed or was refused is none; one that timed out may have taken effect and is not counted.
-- `newest` is the newest plan ever written to the endpoint: above `plan`, the endpoint ended on an older one.
-- :endpoint  text = * — only endpoints that match this pattern (SQL's GLOB)
-- :limit  integer = 1000 — how many rows at most; -1 for all
WITH writes AS (
    SELECT seq, endpoint,
           row_number() OVER (PARTITION BY endpoint ORDER BY commit_no DESC NULLS LAST, seq DESC) AS back,
           max(plan) OVER (PARTITION BY endpoint) AS newest
    FROM events
    WHERE endpoint IS NOT NULL AND endpoint GLOB :endpoint
      AND (event IN ('plan.applied', 'change.committed') AND coalesce(outcome, 'ok') = 'ok' OR event = 'record.restored')
)
SELECT e.endpoint, e.time, coalesce(e.by, e.actor) AS writer, e.plan, w.newest, e.event, e.records,
       e.file || ':' || e.line AS record
FROM writes AS w JOIN events AS e USING (seq)
WHERE w.back = 1
ORDER BY e.endpoint
LIMIT :limit
