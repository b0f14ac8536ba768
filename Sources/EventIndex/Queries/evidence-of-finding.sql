-- The records that prove a finding, each with the part that it plays.
-- :finding  text, required — its label (F1) or its id
SELECT v.part, v.time, v.actor, e.event, e.endpoint, e.plan, e.outcome, v.file || ':' || v.line AS record, e.raw
FROM findings AS f
JOIN evidence AS v ON v.finding_id = f.id
LEFT JOIN events AS e ON e.file = v.file AND e.line = v.line
WHERE f.label = :finding OR f.id = :finding
ORDER BY f.label, coalesce(e.seq, 0), v.ts, v.part
