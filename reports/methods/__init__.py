"""What only the ledger can print: the methods of a watch, and its flow diagram."""
