"""What `flashmob slack manifest` asks of Slack. The SDK loads when it is used."""

from collections.abc import Mapping

from . import settings


def manifest_text(section: Mapping[str, object], address: str, *, optional: bool) -> str:
    """The manifest of the app, as JSON to paste. `address` is the public https address of HTTP mode."""
    from . import manifest

    return manifest.as_text(manifest.manifest(settings.read(section), address, optional=optional))
