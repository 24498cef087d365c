"""What the engine logs goes to Python's `logging`, under `ilt`."""

from __future__ import annotations

import atexit
import logging
import threading

from ilt import _native

_once = threading.Lock()
_is_begun = False


def begin(log_filter: str) -> None:
    """Begins to pass on what this process's engines log, by the filter of the first (`log.filter`)."""
    global _is_begun
    with _once:
        if _is_begun:
            return
        _is_begun = True
        if not _native.open_log(log_filter):
            logging.getLogger("ilt").warning("another library has what is logged here already")
            return
        thread = threading.Thread(target=_pass_on, name="ilt-log", daemon=True)
        thread.start()
        atexit.register(_end, thread)


def _pass_on() -> None:
    while (come := _native.next_log()) is not None:
        lines, dropped = come
        for level, name, text in lines:
            logging.getLogger(f"ilt.{name}").log(level, "%s", text)
        if dropped:
            logging.getLogger("ilt").warning("%d lines were dropped, since nobody fetched them in time", dropped)


def _end(thread: threading.Thread) -> None:
    _native.close_log()
    thread.join(timeout=2)
