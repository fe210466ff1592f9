SELECT delivery.number AS number, recipient, state, body, tries
FROM delivery JOIN digest USING (watch, number)
WHERE delivery.watch = $watch AND state <> $sent
ORDER BY delivery.number, recipient
