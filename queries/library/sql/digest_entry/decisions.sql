SELECT
    number, decided AS made,
    {pmid: pmid, work: work, outcome: outcome, kind: kind, score: score, position: position} AS decision
FROM digest_entry
WHERE watch = $watch AND pmid IN (SELECT unnest($pmids::BIGINT[]))
ORDER BY number, pmid, kind
