-- What is wrong after a run, in words. Nothing is good.
SET search_path = ilt;
-- Right after a run statistics still say that nobody is registered; one by one would take minutes.
SET enable_nestloop = off;
SELECT format('session %s: %s confirmed in its ledger, %s registrations', id, confirmed, coalesce(count, 0))
  FROM session LEFT JOIN (
       SELECT session_id, count(*) FROM registration WHERE status = 'confirmed' GROUP BY session_id) AS counted
    ON session_id = id
 WHERE confirmed <> coalesce(count, 0) OR confirmed > capacity OR confirmed + open <> capacity
UNION ALL
SELECT format('%s registrations, %s in the journal', registrations, entries)
  FROM (SELECT count(*) AS registrations FROM registration) AS r,
       (SELECT count(*) AS entries FROM journal WHERE kind = 'registration.confirmed') AS j
 WHERE registrations <> entries
UNION ALL
SELECT format('%s registrations, %s were answered with a yes', count(*), :told) FROM registration HAVING count(*) <> :told
 LIMIT 10;
