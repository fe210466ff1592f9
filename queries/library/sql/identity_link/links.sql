SELECT a, b, rule, evidence, made, undone, undone_by FROM identity_link ORDER BY a, b, rule, made
