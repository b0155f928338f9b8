"""The pages that come with the package, served on the loopback address while a run lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from raw.samples.articles import load_samples
from raw.samples.site import serve
from schemas.registry.sources import Source


@contextmanager
def serve_sample_site(source: Source) -> Iterator[None]:
    """Serve the samples at the base of a bundled source; do nothing for any other."""
    if not source.bundled:
        yield
        return
    base = urlsplit(source.base)
    with serve(load_samples, port=base.port or 0, prefix=base.path):
        yield
