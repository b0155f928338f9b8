"""What an operator is told: what drifted, which alerts stand, what is held and who decided, how each source is."""
