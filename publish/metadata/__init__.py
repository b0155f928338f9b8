"""Descriptions of a release in standard formats, and the files of a schema version.

Data Package, Croissant, DCAT, CSV on the Web, Citation File Format, JSON Schema. Reads no archive, builds no page.
"""
