-- How many events of each kind.
SELECT event, count(*) AS events FROM events GROUP BY event
