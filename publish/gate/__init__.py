"""Checks of a candidate, folded into one verdict. Changes no row."""
