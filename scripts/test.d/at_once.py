"""Runs test programs at once, since most of them wait for something.

usage: at_once.py LANES [FIRST...] < what `cargo test --no-run --message-format json` printed

So many programs run at a time, those named first (by the name of their target) before the others; what each said is printed whole
when it ends. Ends 1 when a test failed, or when there is no program.
"""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path


def programs(lines):
    """Each test program, with the folder in which cargo would run it."""
    for line in lines:
        message = json.loads(line) if line.startswith("{") else {}
        if message.get("executable") and message["profile"]["test"]:
            yield message["target"]["name"], message["executable"], Path(message["manifest_path"]).parent


def run(program):
    name, executable, folder = program
    begun = time.monotonic()
    ended = subprocess.run(
        [executable],
        cwd=folder,
        env={**os.environ, "CARGO_MANIFEST_DIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return f"{folder.name}, {name}", time.monotonic() - begun, ended


def main():
    lanes, *first = sys.argv[1:]
    rank = {name: at for at, name in enumerate(first)}
    found = sorted(programs(sys.stdin), key=lambda it: rank.get(it[0], len(rank)))
    if not found:
        sys.exit("no test program was compiled")
    failed = []
    with ThreadPoolExecutor(int(lanes)) as pool:
        for told in as_completed([pool.submit(run, program) for program in found]):
            name, took, ended = told.result()
            print(f"     Running {name} ({took:.0f} s)", flush=True)
            sys.stdout.buffer.write(ended.stdout)
            sys.stdout.flush()
            if ended.returncode:
                failed.append(f"{name} (exit {ended.returncode})")
    if failed:
        sys.exit("FAILED: " + "; ".join(sorted(failed)))


main()
