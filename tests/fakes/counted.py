"""Reading what was counted."""

from bot.channels.counts import Counts


def counted(counts: Counts, name: str, **labels: str) -> float:
    """Return a counter of channels, 0 when nothing of these labels was counted."""
    return sum(
        sample.value
        for family in counts.collect()
        if family.name == f"danhoi_channel_{name}"
        for sample in family.samples
        if sample.name.endswith("_total") and sample.labels == labels
    )
