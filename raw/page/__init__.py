"""Bytes of a page to the article in it, as canonical text with anchors. A pure function, without I/O."""
