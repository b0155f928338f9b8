"""The tables of a release, built from readings and from the previous release. Reads no store, checks nothing."""
