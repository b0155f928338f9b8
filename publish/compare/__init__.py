"""Release against release and year against year: revisions, vintages, comparisons, targets, silences.

Pure functions over the tables of releases. Reads and writes no store, knows nothing of pages or notes.
"""
