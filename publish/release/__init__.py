"""Build the files of a release, publish it, hold it as a candidate. Computes no table and no verdict."""
