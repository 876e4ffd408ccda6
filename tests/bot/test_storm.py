"""A short storm: real processes, killed again and again, on platforms where much goes wrong (see bench/storm)."""

from pathlib import Path

from bench.storm.plan import Storm
from bench.storm.run import run


async def test_in_a_storm_of_kills_and_faults_every_post_comes_once_or_is_skipped_with_a_reason(tmp_path: Path) -> None:
    storm = Storm(
        tmp_path, seed=1, cohorts=200, days=1, hours=8, hour_s=0.35, workers=3, life_s=1.0, lease_s=0.4, timeout_s=0.2
    )
    outcome = await run(storm)
    assert outcome.broken == []
    assert outcome.fell == 0
    assert outcome.planned == outcome.sent + outcome.skipped == 200
    assert outcome.kills >= 2 * storm.workers
    assert outcome.sent > 0
