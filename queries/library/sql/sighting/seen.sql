SELECT DISTINCT pmid FROM sighting WHERE watch = $watch
