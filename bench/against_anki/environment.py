"""An environment with Anki's backend in it, made once and kept outside of this tree: the project never imports it."""

import os
import subprocess
import sys
from pathlib import Path

from ..measure import say

VERSION = "26.9.3"
_INSTALL = ("-m", "pip", "--disable-pip-version-check", "--retries", "1", "install", "--only-binary", ":all:")


def python() -> Path | None:
    """The Python that can import `anki`; None where it cannot be installed, which is then said."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "flashmob" / f"anki-{VERSION}"
    found = folder / "bin" / "python"
    try:
        if not (folder / "ready").exists():
            say(f"  installing anki {VERSION} into {folder}")
            _run(sys.executable, "-m", "venv", "--clear", folder)
            _run(found, *_INSTALL, f"anki=={VERSION}")
            (folder / "ready").touch()
    except (OSError, subprocess.CalledProcessError) as error:
        why = str(getattr(error, "stderr", "") or error).strip().splitlines()[-1]
        say(f"  skipped: Anki's backend could not be installed, so there is nothing to compare with. ({why})")
        return None
    return found


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
