import re
from importlib import resources

import pytest

from bot.procedures.evaluation import read_rows
from bot.procedures.everyday_names import (
    BadEverydayNames,
    load_everyday_names,
    read_everyday_names,
    unknown_codes,
)


def data(name: str) -> str:
    return resources.files("bot.procedures").joinpath(f"data/{name}").read_text("utf-8")


def test_the_file_that_ships_keeps_its_rules():
    names = load_everyday_names()
    assert len(names) >= 400
    assert all(re.fullmatch(r"\d\.\d{6,7}", code) for code in names)


def test_every_procedure_of_the_file_is_named_in_a_comment():
    codes = [line for line in data("everyday-names.yml").splitlines() if line.startswith('"')]
    assert [line for line in codes if "  # " not in line] == []


def test_no_question_to_learn_from_is_also_a_name():
    names = {name for some in load_everyday_names().values() for name in some}
    asked = {row.text for row in read_rows(data("search-questions.tsv"))}
    assert {name for name in names & asked if len(name.split()) > 4} == set()


def test_a_name_meant_for_several_procedures_stands_under_each():
    names = read_everyday_names(
        '"1.000001":\n  - mai táng phí ?\n"1.000002":\n  - mai táng phí ?\n'
    )
    assert names == {"1.000001": ("mai táng phí",), "1.000002": ("mai táng phí",)}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('"1.000001": [độc thân]\n"1.000002": [độc thân]\n', "without"),
        ('"1.000001":\n  - độc thân ?\n"1.000002":\n  - Độc  thân\n', "without"),
        ('"1.000001": [độc thân ?]\n', "not readable"),
        ('"1.000001": [độc thân, ĐỘC THÂN]\n', "twice"),
        ('"1.000001": [độc thân]\n"1.000001": [kết hôn]\n', "twice"),
        ("1.000001: [độc thân]\n", "quotation marks"),
        ('"1.000001":\n', "needs a list"),
        ('"1.000001": [a]\n', "not a short text"),
        ('"1.000001": [' + "rất dài " * 30 + "]\n", "not a short text"),
    ],
)
def test_breaches_are_refused_with_a_reason(text, problem):
    with pytest.raises(BadEverydayNames, match=problem):
        read_everyday_names(text)


def test_unknown_codes_are_reported_not_fatal():
    assert unknown_codes({"1.000001": (), "1.000002": ()}, {"1.000002"}) == ["1.000001"]
