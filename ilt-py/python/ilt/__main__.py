"""Commands: `ilt import-nlj`, or `python -m ilt import-nlj`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

_USAGE = """usage: ilt COMMAND

  import-nlj    take over what exists on an NLJ platform; `ilt import-nlj --help` tells more"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; answers the exit status."""
    command, *rest = [*(sys.argv[1:] if arguments is None else arguments), ""]
    if command in ("-h", "--help"):
        print(_USAGE)
        return 0
    if command != "import-nlj":
        print(_USAGE, file=sys.stderr)
        return 2
    try:
        from ilt.fastapi.nlj.importing.command import main as import_nlj
    except ModuleNotFoundError as missing:
        print(f"ilt import-nlj needs {missing.name}: pip install 'ilt[nlj]'", file=sys.stderr)
        return 2
    return import_nlj(rest[:-1])


if __name__ == "__main__":
    sys.exit(main())
