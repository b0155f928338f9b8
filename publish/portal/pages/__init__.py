"""One module per kind of page: the values for its template, from tables and models. Renders nothing."""
