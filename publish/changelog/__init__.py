"""The sentences of `CHANGES.md`: what a release changed, in Chinese and English. Compares nothing, writes nothing."""
