SELECT ask.topic, ask.lane, arg_max(ask.translation, (run.started, run.id, ask.slice))
FROM ask JOIN run ON run.id = ask.run
WHERE run.watch = $watch AND ask.translation <> ''
GROUP BY ALL
