"""What goes wrong on demand: the next calls that match are answered late, wrongly or not at all."""

import re
from dataclasses import dataclass

from .words import Payload


@dataclass(slots=True)
class Fault:
    """For the next `times` calls of this method whose path matches.

    `status` 0 lets the call through, after `delay_s`; `landed` does what was asked before it answers wrongly;
    `cut` closes the connection instead of answering. A 429 without `via` looks like a ban by the network in front.
    """

    method: str
    path: str
    status: int = 0
    code: int = 0
    times: int = 1
    delay_s: float = 0.0
    retry_after_s: float = 0.0
    whole_bot: bool = False
    via: bool = True
    landed: bool = False
    cut: bool = False

    def body(self) -> Payload:
        if self.status == 429:
            after = {"retry_after": self.retry_after_s, "global": self.whole_bot}
            return {"message": "You are being rate limited.", **after}
        return {"code": self.code, "message": "This was asked for by the test."}

    def headers(self) -> dict[str, str]:
        if self.status != 429:
            return {}
        found = {"Retry-After": str(self.retry_after_s), "X-RateLimit-Scope": "global" if self.whole_bot else "user"}
        return found | ({"Via": "1.1 google"} if self.via else {})


class Faults(list[Fault]):
    """The faults to come."""

    def take(self, method: str, path: str) -> Fault | None:
        for fault in self:
            if fault.method == method and re.search(fault.path, path):
                fault.times -= 1
                if not fault.times:
                    self.remove(fault)
                return fault
        return None
