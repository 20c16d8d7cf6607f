"""What a message tells is scored by what it means, not by how it is written."""

from datetime import date
from pathlib import Path

import pytest

from bot.evaluation.entities import (
    Told,
    entity_result,
    facts,
    measure_entities,
    place_meant,
    read_told,
)
from bot.evaluation.files import BadFile
from tests.unit.evaluation.talking import ScriptedAssistant

WEDNESDAY = date(2026, 11, 18)
HEADER = "id\ttext\ton\tplace\toffice\trole\ttime\tmoney\n"
PARSE = {
    "entities": [
        {"entity": "money", "value": 500_000},
        {"entity": "time", "value": "Hôm qua", "date": "2026-11-17"},
        {"entity": "time", "value": "Tháng trước"},
        {"entity": "aspect", "value": "fee"},
    ]
}


def told(text: str = "hôm qua", **of_kind: str) -> Told:
    return Told("t", text, WEDNESDAY, frozenset(of_kind.items()))


def a_file(folder: Path, row: str) -> Path:
    path = folder / "entities.tsv"
    path.write_text(HEADER + row, encoding="utf-8")
    return path


def test_a_row_tells_facts_of_every_kind(tmp_path):
    (row,) = read_told(
        a_file(tmp_path, "e\tdài\t2026-11-18\t\tpolice; tax\tland\tTháng Trước\t5000")
    )
    assert row.on == WEDNESDAY
    assert row.facts == {
        *(("office", "police"), ("office", "tax"), ("role", "land")),
        *(("time", "thang truoc"), ("money", "5000")),
    }


def test_a_row_needs_the_day_on_which_it_was_written(tmp_path):
    with pytest.raises(BadFile, match=r"line 2: on is '18/11'"):
        read_told(a_file(tmp_path, "e\thôm qua\t18/11"))


def test_a_time_is_its_day_or_else_its_words():
    assert facts(PARSE) == {("money", "500000"), ("time", "2026-11-17"), ("time", "thang truoc")}


@pytest.mark.parametrize(
    ("unit", "meant"),
    [
        (("commune", "Xã A", "Tỉnh T", []), "Xã A (Tỉnh T)"),
        (("commune", "", "Tỉnh T", ["Xã B", "Xã A"]), "Xã A | Xã B (Tỉnh T)"),
        (("commune", "", "", ["Xã A", "Xã A"]), "Xã A (Tỉnh 0) | Xã A (Tỉnh 1)"),
        (("province", "Tỉnh T", "Tỉnh T", []), "Tỉnh T"),
        (("commune", "", "", []), "?"),
    ],
)
def test_a_place_is_named_by_its_units_of_today(unit, meant):
    level, name, province, candidates = unit
    choices = [{"name": each, "province": f"Tỉnh {n}"} for n, each in enumerate(candidates)]
    place = {"level": level, "name": name, "province": province, "candidates": choices}
    assert place_meant(place) == meant


def test_a_fact_that_is_not_there_costs_as_much_as_one_that_was_missed():
    right = (told(office="tax"), frozenset({("office", "tax")}))
    missed = (told(office="tax"), frozenset())
    invented = (told(), frozenset({("money", "5000")}))
    assert entity_result([right, missed]).figures["entity_f1"].value == pytest.approx(2 / 3)
    result = entity_result([right, invented])
    assert result.figures["entity_f1"].value == pytest.approx(2 / 3)
    assert result.figures["rows_right"].value == pytest.approx(1 / 2)
    assert result.figures["office_f1"].value == 1
    assert result.figures["money_f1"].value == 0
    assert list(result.wrong.rows) == [("t", "hôm qua", "", "money 5000")]


async def test_every_message_is_read_as_of_its_day():
    assistant = ScriptedAssistant({}, PARSE)
    ((_, got),) = await measure_entities([told()], assistant)
    assert ("time", "2026-11-17") in got
    assert assistant.days == [WEDNESDAY]
