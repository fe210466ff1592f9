INSERT INTO identity_link
SELECT $a, $b, 'person', '', $now::TIMESTAMP, $now::TIMESTAMP, 'person'
WHERE NOT EXISTS (FROM identity_link WHERE a = $a AND b = $b)
