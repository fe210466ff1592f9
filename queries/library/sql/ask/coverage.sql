-- A window counts as read if every slice of it came home whole in one run.
SELECT ask.topic, ask.lane, ask.since, ask.until, run.started
FROM ask JOIN run ON run.id = ask.run
WHERE run.watch = $watch AND ask.field IS NOT NULL
GROUP BY ask.run, run.started, ask.topic, ask.lane, ask.field, ask.since, ask.until
HAVING bool_and(ask.error = '' AND ask.received = ask.count)
ORDER BY ask.topic, ask.lane, ask.since, ask.until
