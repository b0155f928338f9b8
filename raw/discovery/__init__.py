"""Where the documents of a source are: listings of a platform, or addresses that are named."""
