"""Runs the benchmarks that are named, or all, and prints them as one table."""

import importlib
import os
import sys
import time

from bench import database, harness

NAMES = (
    *("pages", "autosave", "handing_in", "estimate", "methods", "export"),
    *("upload", "campaign", "review", "search", ""),
)


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"bench: no {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    began = time.monotonic()
    results: list[harness.Result] = []
    with database.temporary():
        for name in names or NAMES:
            print(f"{name} ...", file=sys.stderr, flush=True)
            # Imported here: the models need settings, and those the database's address.
            results += importlib.import_module(f"bench.{name}").run()
    print(harness.table(results))
    load, took = os.getloadavg()[0], time.monotonic() - began
    print(f"\n{os.cpu_count()} cores, load {load:.1f}, {took:.0f} s in all.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
