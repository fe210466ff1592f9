-- Whether an older library has records without a citation: counting alone reads no row.
SELECT (SELECT count(*) FROM article) <> (SELECT count(*) FROM citation)
