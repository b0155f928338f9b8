"""The web pages of a release: looked up by anyone, made of its tables, the same bytes for the same release.

::

    site            what the pages are made of
    addresses       which page and which anchor a thing has, from release to release
    words           what the pages say, in Chinese and English
    leaf            one page in both tongues: its address, template and values
    render          a leaf to HTML
    series          all that is said of one indicator; guide, the ways between pages
    chart_spec      a series as a chart; charts, its picture and the script that draws it
    drawing         the program that makes both
    number_pages    a page of each indicator, the board of promises, silences, revisions
    pages           every page of a release, and what else lies beside them
    bundle          the pages as one file of the release, and out of it again
"""
