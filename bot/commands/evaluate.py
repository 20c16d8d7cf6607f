"""The commands that measure the assistant; DESIGN's contract says what they print."""

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from bot.commands.serve import prepare, trained_model
from bot.conversation.libraries import prepare_rasa
from bot.conversation.model_file import ROOT
from bot.evaluation import record, thresholds
from bot.evaluation.confusion import confusion_lines, draw_confusion
from bot.evaluation.dialogues import (
    Dialogue,
    dialogue_result,
    measure_dialogues,
    read_dialogues,
)
from bot.evaluation.entities import Told, entity_result, measure_entities, read_told
from bot.evaluation.figures import Figure
from bot.evaluation.files import BadFile
from bot.evaluation.intents import (
    Utterance,
    category_pairs,
    intent_pairs,
    intent_result,
    measure_intents,
    read_utterances,
    stripped,
)
from bot.evaluation.procedures import (
    Question,
    measure_procedures,
    out_of_reach,
    procedure_result,
    read_questions,
)
from bot.evaluation.reliability import bands, calibration_error, reliability_table, sureness
from bot.evaluation.result import Result, as_json
from bot.evaluation.tables import figure_table
from bot.evaluation.talk import OpenTalk, talks
from bot.procedures.models import ProcedureRow
from bot.procedures.procedure import Origin
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app.store import Store
    from bot.conversation.assistant import RasaAssistant

OUR_SETS = ROOT / "nlu" / "evaluation"
OWNERS_QUESTIONS = ROOT.parent / "shared" / "data" / "procedure-questions-dev.tsv"
RECORDED = OUR_SETS / "recorded.json"
OURS = ("intents", "entities", "procedures", "hostile", "dialogues")
FOLDS = 4

T = TypeVar("T")
FILE = click.argument("file", type=click.Path(path_type=Path))


@dataclass(frozen=True)
class Bench:
    """The assistant and its catalogue, ready to be measured."""

    assistant: "RasaAssistant"
    store: "Store"
    pictures: Path

    @property
    def open_talk(self) -> OpenTalk:
        """Open a fresh conversation."""
        return talks(self.assistant, self.store.engine)


Work = Callable[[Bench], Awaitable[T]]


@click.group()
def evaluate() -> None:
    """Measure how well the assistant understands, finds and talks.

    The last line of the output is one JSON object with the figures.
    """


@evaluate.command()
@FILE
@click.pass_obj
def intents(settings: Settings, file: Path) -> None:
    """Measure understanding with FILE.tsv: id, text, intent, detail."""
    rows = read(read_utterances, file)
    finish(run(settings, partial(_intents, rows)))


@evaluate.command()
@FILE
@click.pass_obj
def procedures(settings: Settings, file: Path) -> None:
    """Measure answers about procedures with FILE.tsv: id, text, kind, codes, aspects.

    Each question is asked in a fresh conversation, over the catalogue of the data folder.
    """
    rows = read(read_questions, file)
    finish(run(settings, partial(_procedures, rows)))


@evaluate.command()
@FILE
@click.pass_obj
def entities(settings: Settings, file: Path) -> None:
    """Measure what is read out of FILE.tsv: id, text, on, place, office, role, time, money.

    ``on`` is the day on which the message was written; facts of one kind have semicolons between.
    """
    rows = read(read_told, file)
    finish(run(settings, partial(_entities, rows)))


@evaluate.command()
@FILE
@click.pass_obj
def dialogues(settings: Settings, file: Path) -> None:
    """Hold the conversations of FILE.yml, each in a fresh conversation."""
    rows = read(read_dialogues, file)
    finish(run(settings, partial(_dialogues, rows)))


@evaluate.command("all")
@click.option("--check", is_flag=True, help="Fail when a figure fell by more than the noise.")
@click.option("--record", "keep", is_flag=True, help="Record the figures of our own sets.")
@click.pass_obj
def all_(settings: Settings, check: bool, keep: bool) -> None:
    """Measure everything with our own sets, and the owner's questions where they are.

    Our sets lie in nlu/evaluation; so do the recorded figures that --check compares with.
    """
    recorded = _recorded()
    results, catalogue = run(settings, _everything)
    click.echo("\n" + "\n".join(figure_table(all_figures(results)).lines()))
    ours = all_figures({name: results[name] for name in OURS})
    if keep:
        record.write_record(RECORDED, catalogue, ours)
        click.echo(f"recorded in {RECORDED.relative_to(ROOT)} for the {catalogue} catalogue")
    click.echo(as_json({name: result.summary() for name, result in results.items()}))
    if check:
        _hold(recorded, catalogue, ours)


@evaluate.command("thresholds")
@click.option("--write", is_flag=True, help="Write them into config.yml.")
def thresholds_(write: bool) -> None:
    """Derive from the training sentences how sure is sure, and when to ask back.

    Each sentence is judged by a classifier that has not learned it (a minute). The costs that
    decide stand in bot/evaluation/thresholds.py.
    """
    prepare_rasa()

    from bot.conversation.training import intents_held_out

    examples, guesses = intents_held_out(FOLDS)
    judged = [
        thresholds.Judged(example.label, said)
        for example, said in zip(examples, guesses, strict=True)
        if said
    ]
    power = thresholds.best_sharpness(judged)
    sharp = [thresholds.Judged(j.intent, thresholds.sharpened(j.ranking, power)) for j in judged]
    threshold = thresholds.best_threshold(sharp)
    for title, some in (("as it is", judged), (f"sharpness {power}", sharp)):
        sure = [(j.ranking[0][1], j.ranking[0][0] == j.intent) for j in some]
        click.echo("\n".join([title, *reliability_table(bands(sure)).lines(), ""]))
    asked = sum(thresholds.asks_back(j.ranking, threshold) for j in sharp) / len(sharp)
    click.echo(
        f"asks back below {threshold}: {asked:.1%} of them, "
        f"at a cost of {thresholds.cost(sharp, threshold):.4f} a sentence"
    )
    derived = {"sharpness": power, "threshold": threshold}
    if write:
        _write_config(derived)
    click.echo(as_json(derived))


@evaluate.command("pipelines")
def pipelines_() -> None:
    """Compare other ways to understand, on nlu/evaluation/intents.tsv (two minutes).

    All learn the sentences of nlu/data alone. DIET: python -m tests.bench.diet.
    """
    prepare_rasa()

    from bot.conversation.training import written_intents
    from bot.evaluation import pipelines

    rows = read(read_utterances, OUR_SETS / "intents.tsv")
    examples = written_intents(name_weight=0)
    measured = [
        pipelines.measure(contender, examples, rows)
        for contender in progress(pipelines.contenders(), "pipelines")
    ]
    click.echo("\n".join(pipelines.comparison(measured).lines()))


def _write_config(derived: Mapping[str, float]) -> None:
    """Put the figures into config.yml, whose comments stay."""
    config = (ROOT / "config.yml").read_text("utf-8")
    for name, value in derived.items():
        config, found = re.subn(rf"(?m)^(\s+{name}: ).*$", rf"\g<1>{value}", config)
        if found != 1:
            raise click.ClickException(f"config.yml has no single line for {name}")
    (ROOT / "config.yml").write_text(config, "utf-8")


def read(reader: Callable[[Path], list[T]], file: Path) -> list[T]:
    """Read a labelled file before anything slow is done."""
    try:
        return reader(file)
    except BadFile as error:
        raise click.ClickException(str(error)) from None


def run(settings: Settings, work: Work[T]) -> T:
    """Prepare what ``serve`` prepares, load the assistant, and measure."""
    model = ready_model(settings)
    prepare_rasa()

    from bot.conversation.assistant import BadModel

    try:
        return asyncio.run(_run(settings, model, work))
    except BadModel as error:
        raise click.ClickException(str(error)) from None
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        raise click.ClickException(f"the database cannot be used: {reason}") from None


def ready_model(settings: Settings) -> Path:
    """Bring database, catalogue and model up to date; a gateway may be serving meanwhile."""
    folder = settings.data_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        prepare(settings)
    except OSError as error:
        raise click.ClickException(
            f"the data folder {folder} cannot be written: {error.strerror}; set BOT_DATA"
        ) from None
    except ValueError as error:  # a damaged key file
        raise click.ClickException(str(error)) from None
    return trained_model(settings)


async def _run(settings: Settings, model: Path, work: Work[T]) -> T:
    from bot.app.brain import open_assistant
    from bot.app.store import open_store

    async with (
        open_store(settings) as store,
        open_assistant(settings, store, model) as (assistant, _),
    ):
        return await work(Bench(assistant, store, settings.data_folder / "evaluation"))


async def _everything(bench: Bench) -> tuple[dict[str, Result], str]:
    results = {
        "intents": await _intents(read(read_utterances, OUR_SETS / "intents.tsv"), bench),
        "entities": await _entities(read(read_told, OUR_SETS / "entities.tsv"), bench),
        "procedures": await _procedures(read(read_questions, OUR_SETS / "procedures.tsv"), bench),
        "hostile": await _procedures(
            read(read_questions, OUR_SETS / "hostile.tsv"), bench, "Hostile messages"
        ),
        "dialogues": await _dialogues(read(read_dialogues, OUR_SETS / "dialogues.yml"), bench),
    }
    if OWNERS_QUESTIONS.exists():
        questions = read(read_questions, OWNERS_QUESTIONS)
        results["owners_questions"] = await _procedures(questions, bench, OWNERS_QUESTIONS.name)
    return results, await _catalogue(bench)


async def _intents(rows: Sequence[Utterance], bench: Bench) -> Result:
    heard = await measure_intents(progress(rows, "intents"), bench.assistant)
    bare = await measure_intents(progress(stripped(rows), "stripped"), bench.assistant)
    found = bands(sureness(heard))
    result = intent_result(heard, bare)
    result = replace(result, counts={"calibration_error": round(calibration_error(found), 4)})
    show("Intents", result)
    for what, pairs in (("intent", intent_pairs(heard)), ("category", category_pairs(heard))):
        if pairs:
            picture = bench.pictures / f"{what}-confusion.png"
            draw_confusion(pairs, f"{what}: meant and understood", picture)
            click.echo("\n".join(["", *confusion_lines(pairs), f"drawn in {picture}"]))
    click.echo("\n".join(["", "How far the intent's confidence can be relied on:"]))
    click.echo("\n".join(reliability_table(found).lines()))
    return result


async def _entities(rows: Sequence[Told], bench: Bench) -> Result:
    read_out = await measure_entities(progress(rows, "entities"), bench.assistant)
    result = entity_result(read_out)
    show("Entities", result)
    return result


async def _procedures(
    rows: Sequence[Question], bench: Bench, title: str = "Questions about procedures"
) -> Result:
    absent = out_of_reach(rows, await _known(bench, {code for row in rows for code in row.codes}))
    if absent:
        click.echo(
            f"{absent} of the {len(rows)} questions have no accepted procedure in the catalogue: "
            "import the official records",
            err=True,
        )
    asked = await measure_procedures(progress(rows, "procedures"), bench.open_talk, bench.assistant)
    result = procedure_result(asked)
    result = replace(result, counts={**result.counts, "out_of_reach": absent})
    show(title, result)
    return result


async def _dialogues(rows: Sequence[Dialogue], bench: Bench) -> Result:
    result = dialogue_result(await measure_dialogues(progress(rows, "dialogues"), bench.open_talk))
    show("Dialogues", result)
    return result


async def _known(bench: Bench, codes: set[str]) -> set[str]:
    """Return those of the codes that the catalogue holds."""
    query = select(ProcedureRow.code).where(ProcedureRow.retired_at.is_(None))
    async with bench.store.sessions() as session:
        return codes & set(await session.scalars(query))


async def _catalogue(bench: Bench) -> str:
    """Say which kind of catalogue was measured: the official records, or ours alone."""
    query = (
        select(func.count())
        .select_from(ProcedureRow)
        .where(ProcedureRow.origin == Origin.OFFICIAL, ProcedureRow.retired_at.is_(None))
    )
    async with bench.store.sessions() as session:
        return "official" if await session.scalar(query) else "builtin"


def progress(rows: Sequence[T], what: str) -> Iterable[T]:
    """Show a bar on stderr while the rows are taken."""
    bar: Iterable[T] = tqdm(rows, desc=what, file=sys.stderr, mininterval=0.2)
    return bar


def show(title: str, result: Result) -> None:
    """Print the rows that went wrong, then the figures."""
    wrong = result.wrong.lines() or ["no row went wrong"]
    figures = figure_table(result.figures).lines()
    click.echo("\n".join(["", f"{title}: what went wrong", *wrong, "", *figures]))


def finish(result: Result) -> None:
    """Print the line for machines."""
    click.echo(as_json(result.summary()))


def all_figures(results: Mapping[str, Result]) -> dict[str, Figure]:
    """Name the figures of several measurements apart."""
    return {
        f"{what}.{name}": figure
        for what, result in results.items()
        for name, figure in result.figures.items()
    }


def _recorded() -> record.Recorded:
    try:
        return record.read_record(RECORDED)
    except record.NoRecord as error:
        raise click.ClickException(str(error)) from None


def _hold(recorded: record.Recorded, catalogue: str, ours: Mapping[str, Figure]) -> None:
    """Fail when a figure fell below what was recorded with the same kind of catalogue."""
    if catalogue not in recorded:
        raise click.ClickException(f"nothing is recorded for the {catalogue} catalogue")
    falls = record.fallen(recorded[catalogue], ours)
    if falls:
        raise click.ClickException("; ".join(falls))
