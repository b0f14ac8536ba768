-- Actors that fell silent: the longest time that each logged nothing.
-- Between two of its own records, by its own clock; what follows its last record counts up to the end of all logs. `after` is the event
-- before the silence and `record` its place; `returned` is empty where the actor was not heard of again.
-- :actor  text = * — only actors that match this pattern (SQL's GLOB)
-- :seconds  number = 60 — only silences at least this long
-- :limit  integer = 100 — how many rows at most; -1 for all
WITH steps AS (
    SELECT seq, actor, ts, lead(ts) OVER (PARTITION BY actor ORDER BY ts, seq) AS next,
           (SELECT max(ts) FROM events) AS last
    FROM events
    WHERE actor GLOB :actor
), silences AS (
    SELECT actor, max(coalesce(next, last) - ts) AS span
    FROM steps
    GROUP BY actor
), longest AS (
    SELECT min(s.seq) AS seq, s.next, l.span
    FROM silences AS l JOIN steps AS s ON s.actor = l.actor AND coalesce(s.next, s.last) - s.ts = l.span
    WHERE l.span >= :seconds * 1e9
    GROUP BY s.actor
)
SELECT e.actor, round(l.span / 1e9, 3) AS seconds, e.time AS since, rfc3339(l.next) AS returned, e.event AS after,
       e.file || ':' || e.line AS record
FROM longest AS l JOIN events AS e USING (seq)
ORDER BY l.span DESC, e.actor
LIMIT :limit
