"""Findings about a source or its content that differs from the latest release.

Pure functions over tables and readings. Decides no verdict: the gate does.
"""
