"""The bytes of a page to its article: canonical text with anchors, labels, title, date and structure.

`parse_html` and `parse_text` are pure functions. Nothing here does I/O, repairs text, or interprets a number.
"""
