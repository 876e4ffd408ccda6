"""`make storm`: the long storm, which ends with one line of figures; the exit code is 1 where a promise was broken.

`python -m bench.storm SEED` has another one.
"""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from .plan import Storm
from .run import run


def main(seed: int) -> int:
    with TemporaryDirectory() as folder:
        storm = Storm(Path(folder), seed, cohorts=500, days=11, hours=15, hour_s=1.2, workers=3, life_s=2.5)
        outcome = asyncio.run(run(storm))
    for sentence in outcome.broken:
        print(sentence)
    print(", ".join(f"{times:,} {fault}" for fault, times in sorted(outcome.faults.items()) if fault != "none"))
    print(f"{outcome.answered:,} posts were answered, {outcome.resumed} groups resumed, {outcome.fell} workers fell")
    print(outcome.line())
    return 1 if outcome.broken or outcome.fell else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
