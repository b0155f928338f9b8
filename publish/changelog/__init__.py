"""What changed, in sentences in Chinese and English. Compares nothing itself."""
