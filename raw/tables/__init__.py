"""From the cells of a table to observations: the grid, its headers and row labels, what each number measures.

Finds tables in markup and in plain text. What is not in a data table is prose, and read by `raw.extract`.
"""
