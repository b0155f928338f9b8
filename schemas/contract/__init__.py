"""The published contract: columns and codes, how two versions differ, and announcements of the next.

Whether a change may be published is decided in `publish.gate.contract`.
"""
