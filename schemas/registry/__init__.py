"""Registries: indicators, sources, units and credit codes, as data with checks.

It reads its own TOML files and an operator's file of sources; it never fetches a source.
"""
