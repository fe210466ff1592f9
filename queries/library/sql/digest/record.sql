INSERT INTO digest VALUES (
    $watch, $number, $made::TIMESTAMP, $since::DATE, $until::DATE, $subject, $found, $known, $merged,
    $below, $held, $told, $ranker, $body
)
