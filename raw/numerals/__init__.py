"""Numbers in digits and in Chinese words, and their values. Knows no unit and no meaning."""
