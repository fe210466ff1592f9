INSERT INTO delivery
SELECT $watch, $number, unnest($recipients::VARCHAR[]), $state, 0, $now::TIMESTAMP, '', ''
