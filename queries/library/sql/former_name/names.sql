SELECT name FROM former_name WHERE watch = $watch
