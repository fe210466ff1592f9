SELECT DISTINCT ask.topic, unnest(ask.warnings)
FROM ask JOIN run ON run.id = ask.run
WHERE run.watch = $watch
