"""One document: from a web address to what it says."""
