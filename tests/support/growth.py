"""How the cost of a call grows with the length of its input, in CPU time of this process and not by the clock."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

# Ten times the length may take twelve times the steps; other processes disturb the time, which gets twice as much.
MOST_TIME = 24
TRIES = 3


def grows_linearly(call: Callable[[int], object], length: int) -> bool:
    """Return whether `length` takes no more than its share of the time of a tenth of it, in one of a few tries."""

    def seconds(size: int) -> float:
        start = time.process_time()
        call(size)
        return time.process_time() - start

    gc.disable()  # what else lives in this process is walked through once per so many objects that the call makes
    try:
        return any(seconds(length) <= MOST_TIME * max(seconds(length // 10), 0.01) for _ in range(TRIES))
    finally:
        gc.enable()
