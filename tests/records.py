"""The official records, for tests that need the real ones; they lie beside the repository."""

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from bot.procedures.procedure import Procedure

RECORDS = Path(__file__).parents[2] / "shared" / "data" / "official-procedures.jsonl.gz"


def official_records(every: int = 1) -> Iterator[Procedure]:
    """Read each record, or each so many-th one; the test is skipped where there are none."""
    if not RECORDS.exists():
        pytest.skip("the official records (../shared/data) are not on this machine")
    from bot.procedures.official import MalformedRecord, read_record

    with gzip.open(RECORDS, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, None, every):
            try:
                yield read_record(json.loads(line))[0]
            except MalformedRecord:
                continue
