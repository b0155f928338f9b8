"""One document: from a URL or a file to observations.

`raw.reading.read_capture` is the entry point to the part without I/O (`numerals`, `page`, `extract`, `reviewed`).
Nothing here compares documents, knows a release, or imports `publish` or `flows`.
"""
