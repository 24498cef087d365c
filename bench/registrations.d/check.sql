-- What is wrong after a run, in words. Nothing is good.
SET search_path = ilt;
SELECT format('session %s: %s confirmed in its ledger, %s registrations', id, confirmed, count)
  FROM session CROSS JOIN LATERAL (
       SELECT count(*) FROM registration WHERE session_id = session.id AND status = 'confirmed') AS counted
 WHERE confirmed <> count OR confirmed > capacity OR confirmed + open <> capacity
UNION ALL
SELECT format('%s registrations, %s in the journal', registrations, entries)
  FROM (SELECT count(*) AS registrations FROM registration) AS r,
       (SELECT count(*) AS entries FROM journal WHERE kind = 'registration.confirmed') AS j
 WHERE registrations <> entries
UNION ALL
SELECT format('%s registrations, %s were answered with a yes', count(*), :told) FROM registration HAVING count(*) <> :told
 LIMIT 10;
