"""Facts entered by hand, each with its citation, for years without a page (README.md explains how).

It validates the files, makes payloads for the archive and reads them back. It never changes or completes a fact.
"""
