"""The documents of a source: `discover` returns references from the listings of a platform or from fixed addresses.

It never fetches by itself (the caller passes a function) and never reads an article.
"""
