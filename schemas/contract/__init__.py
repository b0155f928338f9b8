"""The published contract: columns and codes, how they may change, what is announced."""
