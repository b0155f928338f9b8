"""The web pages of a release: looked up by anyone, made of its tables, the same bytes for the same release.

::

    site            what the pages are made of
    addresses       which page and which anchor a thing has, from release to release
    words           what the pages say, in Chinese and English
    leaf            one page in both tongues: its address, template and values
    render          a leaf to HTML
    pages           every page of a release, and what else lies beside them
    bundle          the pages as one file of the release, and out of it again
"""
