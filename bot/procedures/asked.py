"""Labelled questions to learn from: how people ask for procedures, and what is none.

``data/search-questions.tsv``: written for this, never measured on; see nlu/evaluation/README.md.
"""

from importlib import resources

from bot.procedures.evaluation import Row, read_rows


def load_asked() -> list[Row]:
    """Read the questions that ship with the program."""
    source = resources.files("bot.procedures").joinpath("data/search-questions.tsv")
    return read_rows(source.read_text("utf-8"))
