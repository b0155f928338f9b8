"""Keys, formats and the pointer of the object store: reads and writes what is published.

Knows nothing of what the tables mean.
"""
