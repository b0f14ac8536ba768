-- Actors that fell silent: the longest time that each logged nothing.
-- Between two of its own records, by its own clock; what follows its last record counts up to the end of all logs. `after` is the event
-- before the silence and `record` its place; `returned` is empty where the actor was not heard of again.
-- :actor  text = * — only actors that match this pattern (SQL's GLOB)
-- :seconds  number = 60 — only silences at least this long
-- :limit  integer = 100 — how many rows at most; -1 for all
WITH steps AS (
    SELECT actor, event, ts, file, line, lead(ts) OVER (PARTITION BY actor ORDER BY ts, seq) AS next,
           (SELECT max(ts) FROM events) AS last
    FROM events
    WHERE actor GLOB :actor
), silences AS (
    SELECT *, coalesce(next, last) - ts AS span,
           row_number() OVER (PARTITION BY actor ORDER BY coalesce(next, last) - ts DESC, ts) AS rank
    FROM steps
)
SELECT actor, round(span / 1e9, 3) AS seconds, rfc3339(ts) AS since, rfc3339(next) AS returned, event AS after,
       file || ':' || line AS record
FROM silences
WHERE rank = 1 AND span >= :seconds * 1e9
ORDER BY span DESC, actor
LIMIT :limit
