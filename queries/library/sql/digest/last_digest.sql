SELECT number, made, since, until, subject, found, known, merged, below, held, told, body
FROM digest
WHERE watch = $watch
ORDER BY number DESC
LIMIT 1
