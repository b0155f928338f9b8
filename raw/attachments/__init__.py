"""Files that are no pages (DOCX, XLSX, XLS, PDF): what a page links, what a file is, and the text in it.

`formats` and `links` are pure. `decode` runs a decoder in a process of its own with limits of memory and time; only
`worker` imports the libraries that read such files. Macros, external links and embedded files are never followed.
"""
