"""Claims about what a report becomes."""
