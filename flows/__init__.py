"""When things happen: the nightly flow and the command line."""
