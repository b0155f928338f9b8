"""Why a release can be believed: signatures, keys, the chain, and the check of a whole store."""
