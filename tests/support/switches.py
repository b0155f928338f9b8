"""Settings that a test turns on because it looks at what they add."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


def with_portal() -> AbstractContextManager[Any]:
    """Let runs draw the pages of a release, which conftest turns off: they are most of what a release costs."""
    return patch.dict(os.environ, GONGBAO_PORTAL="1")
