"""Findings about a source or its content that differs from the latest release. Decides nothing."""
