SELECT ask.*
FROM ask JOIN run ON run.id = ask.run
WHERE run.watch = $watch AND run.started > $since::TIMESTAMP
ORDER BY run.started, run.id, topic, lane, slice
