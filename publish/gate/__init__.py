"""Whether a candidate may be published: every check, folded to one verdict.

Writes nothing, and compares no releases: `publish.drift` does, and hands in its findings.
"""
