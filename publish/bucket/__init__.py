"""Names, formats and pointers of what lies in the object store. Knows nothing of what the tables mean."""
