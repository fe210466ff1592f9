SELECT address, max(given)
FROM unsubscription
WHERE watch = $watch
GROUP BY address
HAVING arg_max(stopped, given)
ORDER BY address
