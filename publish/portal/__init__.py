"""The web pages of a release: the same bytes for the same release. Writes nothing to a store.

::

    html       layout, templates, translations, addresses, charts as pictures, the bundle; knows no single page
    text       amounts in words; the text of a document with its numbers and clauses marked
    model      the data behind pages: series, comparisons in words, chart specifications, links between pages
    pages      one module per kind of page: the values that its template prints
    build      every page of a release
"""
