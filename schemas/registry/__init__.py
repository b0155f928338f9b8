"""Registries: indicators, sources, units, credit codes. Data with checks, no I/O beyond its own files."""
