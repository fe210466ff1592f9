"""What is told: what a digest holds, and what goes into it."""
