"""A document as text with its numbers marked, and amounts in words."""
