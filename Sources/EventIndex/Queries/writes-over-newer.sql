-- Writes that the store itself says displaced a newer plan.
-- Only where records carry `replaces`; the findings of kind stale-plan-overwrite also cover logs that do not. `finding` is the
-- finding that the record is evidence of, where there is one.
-- :endpoint  text = * — only endpoints that match this pattern (SQL's GLOB)
-- :limit  integer = 1000 — how many rows at most; -1 for all
SELECT e.time, coalesce(e.by, e.actor) AS writer, e.endpoint, e.plan, e.replaces AS displaced, e.reason,
       (SELECT min(f.label) FROM evidence AS v JOIN findings AS f ON f.id = v.finding_id
        WHERE v.file = e.file AND v.line = e.line AND f.endpoint = e.endpoint) AS finding,
       e.file || ':' || e.line AS record
FROM events AS e
WHERE e.endpoint GLOB :endpoint AND e.event IN ('plan.applied', 'change.committed') AND coalesce(e.outcome, 'ok') = 'ok'
  AND e.replaces > e.plan
ORDER BY e.seq
LIMIT :limit
