SELECT flow, started, ended, trouble FROM run WHERE watch = $watch ORDER BY id
