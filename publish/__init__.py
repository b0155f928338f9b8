"""Many releases: tables, comparison, the gate, files, and the order in which they are written."""
