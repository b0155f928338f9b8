"""Text to observations: mentions, subjects, measures, periods. A pure function, without I/O."""
