"""The published tables: columns, keys, and the checks of their rows with Pandera.

It never fills a table: `publish.tables` does.
"""
