"""Keys and signatures of releases: minisign and OpenSSH. Reads no table and decides nothing about a release."""
