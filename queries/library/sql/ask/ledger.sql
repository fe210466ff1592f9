SELECT
    topic, lane, slice, term, translation, warnings, count, received, known, new, missing, refused, error,
    if(field IS NULL, NULL, {field: field, since: since, until: until}) AS window
FROM ask JOIN run ON run.id = ask.run
WHERE run.watch = $watch AND run.started > $since::TIMESTAMP
ORDER BY run.started, run.id, topic, lane, slice
