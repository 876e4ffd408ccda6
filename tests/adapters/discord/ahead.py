"""`flashmob` as on the command line, by a clock that is set: python -m tests.adapters.discord.ahead MILLISECONDS run"""

import sys
import time

AHEAD_NS = int(sys.argv[1]) * 1_000_000
_now = time.time_ns
time.time_ns = lambda: _now() + AHEAD_NS

if __name__ == "__main__":
    from bot.cli import main

    sys.exit(main(sys.argv[2:]))
