"""Text to observations: sections, mentions, subjects, measures and periods, and the glossary of a report.

`read` is a pure function that accounts for every number. Nothing here does I/O or claims what the text does not state.
"""
