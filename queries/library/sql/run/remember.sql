SELECT id FROM run WHERE watch = $watch AND fingerprint = $fingerprint
