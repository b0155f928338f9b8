"""What pages show, computed from the tables. Writes no HTML."""
