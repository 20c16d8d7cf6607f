"""The commands about searching the catalogue: ask it a question, learn its weights anew."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from bot.procedures import services
from bot.procedures.asked import load_asked
from bot.procedures.builtin import load_builtin
from bot.procedures.catalogue import Catalogue
from bot.procedures.cli import opened, procedures, run
from bot.procedures.everyday_names import load_everyday_names, unknown_codes
from bot.procedures.search import Outcome
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.procedures.search.learning import Grade

__all__ = ["procedures"]

RANKING = Path(__file__).with_name("data") / "search-ranking.json"


@procedures.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--province", help="Publisher code of the citizen's province, for example H26.")
@click.pass_obj
def search(settings: Settings, question: tuple[str, ...], province: str | None) -> None:
    """Show what the search makes of a QUESTION: its decision and the ranked procedures."""
    run(_search(settings, " ".join(question), province))


async def _search(settings: Settings, question: str, province: str | None) -> None:
    async with opened(settings) as sessions:
        catalogue = Catalogue(sessions)
        await catalogue.refresh()
        click.echo("\n".join(outcome_lines(catalogue.find(question, province))))


def outcome_lines(outcome: Outcome) -> list[str]:
    """Print an outcome: the decision, then chance, code and name of every hit."""
    hits = [f"{hit.score:6.1%}  {hit.code}  {hit.name}" for hit in outcome.hits]
    return [outcome.decision.value, *hits]


@procedures.command()
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=RANKING, show_default=False,
    help="Where to write the figures; by default the file that ships with the program.",
)  # fmt: skip
@click.pass_obj
def learn(settings: Settings, out: Path) -> None:
    """Learn the weights of the search from the questions and everyday names (some minutes).

    Needs the official records in the catalogue. Prints how the questions fare that were held
    out, and how far the chances can be relied on.
    """
    run(_learn(settings, out))


async def _learn(settings: Settings, out: Path) -> None:
    from bot.procedures.search import learning  # scikit-learn takes seconds

    async with opened(settings) as sessions, sessions() as session:
        records = await services.load_all(session)
    names = load_everyday_names()
    unknown = unknown_codes(names, {record.code for record in records})
    if unknown:
        click.echo(f"everyday names of {len(unknown)} codes not in the catalogue", err=True)
    catalogues = [
        learning.Catalogue("official", records),
        learning.Catalogue("built-in", load_builtin()),
    ]
    ranking, grades = learning.learn(
        catalogues, names, load_asked(), lambda step: click.echo(step, err=True)
    )
    written = msgspec.json.format(msgspec.json.encode(ranking), indent=2) + b"\n"
    await asyncio.to_thread(out.write_bytes, written)
    for title, some in grades.items():
        click.echo("\n".join([title, *grade_lines(some), ""]))


def grade_lines(grades: "Sequence[Grade]") -> list[str]:
    """The confusion table of decisions and the reliability table, as text."""
    from bot.procedures.search.learning import confusion, reliability
    from bot.procedures.search.ranking import KINDS

    head = "meant \\ decided".ljust(16) + "".join(kind.value.rjust(9) for kind in KINDS)
    table = [
        meant.value.ljust(16) + "".join(str(decided[kind]).rjust(9) for kind in KINDS)
        for meant, decided in confusion(grades).items()
    ]
    bins = [f"{b.promised:9.2f}{b.true:9.2f}{b.n:9}" for b in reliability(grades)]
    return [head, *table, "", " promised     true        n", *bins]
