"""One module a kind of page. Values for the templates, taken from tables and models."""
