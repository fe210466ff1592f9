SELECT topic, lane, until FROM watermark WHERE watch = $watch ORDER BY topic, lane
