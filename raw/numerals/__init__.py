"""Numbers in digits and in Chinese words, and their values: `scan` finds them in a text, `value_of` reads a single one.

Nothing here knows units or what a number means.
"""
