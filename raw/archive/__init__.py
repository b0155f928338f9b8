"""The archive of fetched bytes (WARC), the log of visits and the state of each page: `Archive`.

It never interprets a body and never overwrites or deletes a capture.
"""
