"""How pages are made: layout, templates, translations, addresses, charts. Knows no single page."""
