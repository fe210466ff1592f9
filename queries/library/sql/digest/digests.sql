SELECT
    number, made, since, until, subject, body,
    {found: found, known: known, merged: merged, below: below, held: held, told: told} AS flow
FROM digest
WHERE watch = $watch
ORDER BY number
