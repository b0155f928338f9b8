"""Polite and safe fetching of pages: `Fetcher`, its limits and its responses.

It never reads a body, never follows a redirect to another host, and never connects to an internal address.
"""
