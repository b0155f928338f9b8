"""Fetch a page politely and safely. Knows no source and no format."""
