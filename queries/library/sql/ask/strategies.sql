-- Each search as it was typed and as PubMed translated it, and when.
SELECT topic, term, translation, min(run.started) AS first, max(run.started) AS last
FROM ask JOIN run ON run.id = ask.run
WHERE run.watch = $watch AND run.started >= $since::TIMESTAMP AND run.started < $until::TIMESTAMP AND term <> ''
GROUP BY topic, term, translation
ORDER BY topic, first, term
