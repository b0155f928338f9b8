"""Two reports written for this project, and a local server that presents them like a site of the platform.

It is for demonstrations and tests and never reads anything but its own files.
"""
