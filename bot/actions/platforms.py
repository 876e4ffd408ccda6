"""What a platform tells by itself: nobody asked, so nobody is answered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BeganAnew:
    """The connection begins with a new session: reactions may have been put and taken back unseen."""
