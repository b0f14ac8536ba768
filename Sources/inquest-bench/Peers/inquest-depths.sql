-- How deep each queue was at the most, second by second.
SELECT substr(time, 1, 19) AS second, queue, max(depth) AS depth
FROM events WHERE event = 'queue.sampled' GROUP BY second, queue
