"""Keys and signatures of releases: minisign and OpenSSH. Reads no table."""
