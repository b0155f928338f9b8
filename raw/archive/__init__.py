"""The archive of fetched bytes (WARC) and of what each visit saw. Interprets nothing."""
