-- When a person dismissed the alarm of a PMID: it is asked for all the same, and raises no alarm.
ALTER TABLE pending ADD COLUMN dismissed TIMESTAMP;
