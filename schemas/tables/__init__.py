"""Columns of the published tables, and the checks of their rows (Pandera)."""
