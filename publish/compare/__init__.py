"""Release against release and year against year: vintages, comparisons, promises, silences, revisions."""
