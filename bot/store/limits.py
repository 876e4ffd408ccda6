"""How much the store takes on, and how long it waits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`waiting` journeys a lane; a batch ends at `batch` journeys or `batch_s`; a lock is waited for `busy_s`.

    The writer cuts its log past `log_bytes`, waiting `log_wait_ms` for readers, and leaves a log that could not be cut
    alone for `log_rest_s`. A report is noted in the log past `report_slow_s` and stopped at `report_stop_s`, which
    includes the time it waits for a free reader.
    """

    waiting: int = 2_000
    batch: int = 64
    batch_s: float = 0.010
    busy_s: float = 2.0
    log_bytes: int = 64 * 1024 * 1024
    log_wait_ms: int = 250
    log_rest_s: float = 5.0
    report_slow_s: float = 2.0
    report_stop_s: float = 10.0
