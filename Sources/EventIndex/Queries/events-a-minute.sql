-- Events in each minute, by event: where something starts, stops or multiplies.
-- Minutes are those of the actors' own clocks. `failed` counts what has another outcome than ok, or is a failure by its name.
-- :event  text = * — only events that match this pattern (SQL's GLOB)
-- :actor  text = * — only of actors that match this pattern
-- :since  time = none — from this moment on
-- :until  time = none — up to and with this moment
-- :limit  integer = 10000 — how many rows at most; -1 for all
SELECT rfc3339(ts - ((ts % 60000000000) + 60000000000) % 60000000000) AS minute, event, count(*) AS events,
       sum(coalesce(outcome, 'ok') <> 'ok' OR event LIKE '%.failed') AS failed, count(DISTINCT actor) AS actors
FROM events
WHERE event GLOB :event AND actor GLOB :actor
  AND ts >= ifnull(:since, -1e19)
  AND ts <= ifnull(:until, 1e19)
GROUP BY ts - ((ts % 60000000000) + 60000000000) % 60000000000, event
ORDER BY ts - ((ts % 60000000000) + 60000000000) % 60000000000, event
LIMIT :limit
