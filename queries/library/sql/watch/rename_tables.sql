SELECT table_name FROM duckdb_columns() WHERE column_name = 'watch' AND NOT internal
