UPDATE identity_link SET undone = $now::TIMESTAMP, undone_by = 'person'
WHERE a = $a AND b = $b AND undone_by <> 'person'
