UPDATE watch SET retired = $retired::TIMESTAMP WHERE name = $name
