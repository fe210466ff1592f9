DELETE FROM seed_set WHERE watch = $watch
