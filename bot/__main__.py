"""`python -m bot` is `flashmob`."""

import sys

from .cli import main

sys.exit(main())
