"""The check of a whole store: files, spans, chain, signatures, pointer, schema. Every fault is a finding.

Reads only: repairs nothing and needs no secret.
"""
