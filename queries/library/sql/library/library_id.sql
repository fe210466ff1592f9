SELECT id, made FROM library
