"""The built-in catalogue: every file fits, and a typo is named with its file and code."""

from datetime import date

import pytest

from bot.procedures.builtin import load_builtin
from bot.procedures.errors import BuiltinBroken
from bot.procedures.procedure import Duration, Kind, Method, Origin, TimeUnit, Way

SOUND = """
- code: "1.000001"
  name: Đăng ký mẫu
  record_on: 2026-05-01
  ways:
    - method: direct
      duration: {amount: 1, unit: working_day}
"""


def load(tmp_path, text, name="ho-tich.yml"):
    (tmp_path / name).write_text(text, "utf-8")
    return load_builtin(tmp_path)


def test_a_sound_file_gives_built_in_standard_procedures(tmp_path):
    (procedure,) = load(tmp_path, SOUND)
    assert procedure.origin is Origin.BUILTIN
    assert procedure.kind is Kind.STANDARD
    assert procedure.record_on == date(2026, 5, 1)
    assert procedure.ways == (Way(Method.DIRECT, Duration(1, TimeUnit.WORKING_DAY)),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (SOUND.replace("name:", "nmae:"), "ho-tich.yml: 1.000001: .*nmae|name"),
        (SOUND.replace("working_day", "workday"), r"1.000001: .*workday"),
        (SOUND + "  origin: official\n", "1.000001: origin must be left out"),
        (SOUND + SOUND, "1.000001 is there twice"),
        ("- just words", "item 1 is not a mapping"),
        ("code: 1", "must hold a list"),
        ("- [", "not valid YAML"),
        ("- !!python/object/apply:os.system [ls]", "not valid YAML"),
    ],
)
def test_a_typo_is_named_with_its_file_and_code(tmp_path, text, sentence):
    with pytest.raises(BuiltinBroken, match=sentence):
        load(tmp_path, text)


def test_the_repository_s_own_catalogue_loads():
    assert all(procedure.origin is Origin.BUILTIN for procedure in load_builtin())
