MERGE INTO watch USING (SELECT $name AS name) AS run ON watch.name = run.name
WHEN MATCHED THEN UPDATE SET
    doi = $doi, pmid = $pmid, last = greatest(last, $now::TIMESTAMP), retired = NULL
WHEN NOT MATCHED THEN INSERT VALUES ($name, $doi, $pmid, $now::TIMESTAMP, $now::TIMESTAMP, NULL)
