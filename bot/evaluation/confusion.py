"""Confusion tables: what was meant, down; what was understood instead, across."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot.evaluation.figures import Pair

INK_ON_DARK = 0.5  # share of a row from which a cell is dark enough for white figures


def labels_of(pairs: Sequence[Pair]) -> list[str]:
    """Return the labels that are meant, most frequent first, then those only understood."""
    meant = Counter(label for label, _ in pairs)
    known = [label for label, _ in meant.most_common()]
    return known + sorted({guess for _, guess in pairs} - meant.keys())


def confusion_lines(pairs: Sequence[Pair]) -> list[str]:
    """Lay the table out as text; columns carry the numbers of the rows, zeros are dots."""
    labels, counts = labels_of(pairs), Counter(pairs)
    wide = max(map(len, labels), default=0)
    head = "meant \\ understood".ljust(wide + 4)
    lines = [head + "".join(f"{number:5}" for number in range(1, len(labels) + 1))]
    for number, meant in enumerate(labels, 1):
        cells = "".join(f"{counts[meant, guess] or '·':>5}" for guess in labels)
        lines.append(f"{number:3} {meant}".ljust(len(head)) + cells)
    return lines


def draw_confusion(pairs: Sequence[Pair], title: str, path: Path) -> None:
    """Draw the table as a PNG; a cell's shade is its share of the row."""
    from matplotlib.figure import Figure  # a second to import, and wanted by nobody else

    labels, counts = labels_of(pairs), Counter(pairs)
    sums = {meant: sum(counts[meant, guess] for guess in labels) or 1 for meant in labels}
    shares = [[counts[meant, guess] / sums[meant] for guess in labels] for meant in labels]
    side = 2.5 + 0.45 * len(labels)
    figure = Figure(figsize=(side, side), layout="constrained")
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for y, meant in enumerate(labels):
        for x, guess in enumerate(labels):
            if counts[meant, guess]:
                ink = "white" if shares[y][x] > INK_ON_DARK else "black"
                axes.text(x, y, str(counts[meant, guess]), ha="center", va="center", color=ink)
    axes.set_xticks(range(len(labels)), labels, rotation=90)
    axes.set_yticks(range(len(labels)), labels)
    axes.set(title=title, xlabel="understood", ylabel="meant")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)  # by Agg: a figure of its own needs no screen
