"""Facts entered by hand, each with its citation, for years that no page is left of (README.md says how)."""
