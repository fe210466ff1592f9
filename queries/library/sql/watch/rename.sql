UPDATE watch SET name = $new WHERE name = $old
