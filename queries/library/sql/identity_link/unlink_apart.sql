INSERT INTO identity_link VALUES ($a, $b, 'person', '', $now::TIMESTAMP, $now::TIMESTAMP, 'person')
