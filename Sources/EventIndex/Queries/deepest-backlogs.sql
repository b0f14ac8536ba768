-- The deepest backlogs: each queue at its deepest.
-- A queue is sampled by an actor: two actors' samples of one name are two queues. Where the depth is not known, the age of the oldest item
-- stands alone. `oldest_s` is the largest age in seconds, not necessarily at the same moment.
-- :queue  text = * — only queues that match this pattern (SQL's GLOB)
-- :limit  integer = 10 — how many rows at most; -1 for all
WITH samples AS (
    SELECT seq, queue, actor, depth, time, file, line,
           row_number() OVER (PARTITION BY actor, queue ORDER BY depth DESC NULLS LAST, oldest_ms DESC NULLS LAST, seq) AS rank,
           max(oldest_ms) OVER (PARTITION BY actor, queue) AS oldest
    FROM events
    WHERE event = 'queue.sampled' AND queue GLOB :queue AND (depth IS NOT NULL OR oldest_ms IS NOT NULL)
)
SELECT queue, actor, depth, time, round(oldest / 1e3, 3) AS oldest_s, file || ':' || line AS record
FROM samples
WHERE rank = 1
ORDER BY depth DESC NULLS LAST, oldest DESC NULLS LAST, queue, actor
LIMIT :limit
