INSERT INTO former_name VALUES ($new, $old)
