"""Reading files of records: every form of them, and none of the tricks."""

import gzip
import json
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.procedures import sources
from bot.procedures.errors import SourceRefused
from bot.procedures.sources import read_source, source_size
from tests.fakes.portal import as_jsonl
from tests.fakes.portal_records import a_record

TWO = [a_record("1.000001"), a_record("1.000002")]


def codes(path):
    entries = [entry for entry in read_source(path) if entry.record is not None]
    return sorted(entry.record.get("detail", entry.record)["code"] for entry in entries)


def problems(path):
    return [(entry.where, entry.problem) for entry in read_source(path) if entry.problem]


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_lines_are_read_plain_and_packed(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(as_jsonl(TWO) + b"\n  \n")
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(as_jsonl(TWO)))
    for name in ("a.jsonl", "a.jsonl.gz"):
        assert codes(tmp_path / name) == ["1.000001", "1.000002"]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda records: records,
        lambda records: {"code": "OK", "data": {"data": {"items": records, "lastId": ""}}},
        lambda records: {"items": records},
    ],
)
def test_a_json_holds_a_list_or_an_answer_of_the_portal(tmp_path, wrap):
    (tmp_path / "a.json").write_text(json.dumps(wrap(TWO)))
    assert codes(tmp_path / "a.json") == ["1.000001", "1.000002"]


@pytest.mark.parametrize(
    "wrap", [lambda r: r, lambda r: {"detail": r}, lambda r: {"code": "OK", "data": r}]
)
def test_a_json_holds_one_record(tmp_path, wrap):
    (tmp_path / "a.json").write_text(json.dumps(wrap(TWO[0])))
    assert codes(tmp_path / "a.json") == ["1.000001"]


def test_a_folder_is_read_at_any_depth_and_links_are_not_followed(tmp_path):
    folder = tmp_path / "data"
    for record in TWO:
        nested = folder / "ho-tich" / record["code"]
        nested.mkdir(parents=True)
        (nested / "raw_procedure.json").write_text(json.dumps(record))
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps(a_record("1.000009")))
    (folder / "link.json").symlink_to(secret)
    (folder / "readme.txt").write_text("not a record")
    assert codes(folder) == ["1.000001", "1.000002"]


def test_a_zip_holds_any_of_these(tmp_path):
    path = zipped(
        tmp_path / "a.zip",
        **{
            "x/one.json": json.dumps(a_record("1.000001")),
            "lines.jsonl": as_jsonl([a_record("1.000002")]),
            "packed.jsonl.gz": gzip.compress(as_jsonl([a_record("1.000003")])),
            "readme.md": "no record",
        },
    )
    assert codes(path) == ["1.000001", "1.000002", "1.000003"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.json", "a.zip", "folder"])
def test_the_progress_adds_up_to_the_size_of_the_source(tmp_path, name):
    path = tmp_path / name
    content = as_jsonl(TWO * 500)
    if name == "folder":
        path.mkdir()
        (path / "a.json").write_text(json.dumps(TWO))
    elif name == "a.zip":
        zipped(path, **{"a.jsonl": content})
    elif name == "a.json":
        path.write_text(json.dumps(TWO))
    else:
        path.write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    assert sum(entry.cost for entry in read_source(path)) == source_size(path)


def test_a_broken_line_is_named_and_the_others_are_read(tmp_path):
    first, second = as_jsonl(TWO).splitlines(keepends=True)
    (tmp_path / "a.jsonl").write_bytes(first + b'{"code": \n' + b'{"a": "\xff"}\n' + second)
    assert codes(tmp_path / "a.jsonl") == ["1.000001", "1.000002"]
    (line_2, broken), (line_3, not_utf8) = problems(tmp_path / "a.jsonl")
    assert (line_2, line_3) == ("a.jsonl line 2", "a.jsonl line 3")
    assert broken.startswith("not valid JSON")
    assert not_utf8 == "not valid UTF-8"


def test_a_packed_file_that_is_cut_off_is_reported_by_line_and_what_came_before_is_kept(tmp_path):
    whole = gzip.compress(as_jsonl([a_record(f"1.{n:06}") for n in range(2000)]))
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (found,) = problems(tmp_path / "a.jsonl.gz")
    assert found[0].startswith("a.jsonl.gz line ")
    assert found[1] == "the file is damaged or cut off here"
    assert 0 < len(codes(tmp_path / "a.jsonl.gz")) < 2000


def test_a_line_without_end_is_passed_over_without_being_held(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_LINE_BYTES", 10_000)
    long = b'{"name": "' + b"x" * 50_000 + b'"}\n'
    (tmp_path / "a.jsonl").write_bytes(long + as_jsonl(TWO))
    assert codes(tmp_path / "a.jsonl") == ["1.000001", "1.000002"]
    assert problems(tmp_path / "a.jsonl")[0][0] == "a.jsonl line 1"


def test_a_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_TOTAL_BYTES", 100_000)
    bomb = as_jsonl([TWO[0]]) * 1000
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(bomb))
    zipped(tmp_path / "a.zip", **{"a.jsonl": bomb})
    for name in ("a.jsonl.gz", "a.zip"):
        with pytest.raises(SourceRefused, match="unpacks to more than"):
            list(read_source(tmp_path / name))


def test_a_huge_json_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_FILE_BYTES", 1000)
    (tmp_path / "a.json").write_text(json.dumps(TWO * 10))
    assert "larger than" in problems(tmp_path / "a.json")[0][1]
    with pytest.raises(SourceRefused, match="larger than"):
        list(read_source(zipped(tmp_path / "a.zip", **{"a.json": json.dumps(TWO * 10)})))


@pytest.mark.parametrize("name", ["../a.json", "/etc/a.json", "x/../../a.json", "C:\\a.json"])
def test_a_zip_with_a_path_that_leads_out_is_refused(tmp_path, name):
    with pytest.raises(SourceRefused, match="leads out of it"):
        list(read_source(zipped(tmp_path / "a.zip", **{name: "{}"})))


def test_a_zip_with_a_link_is_refused(tmp_path):
    link = zipfile.ZipInfo("a.json")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(SourceRefused, match="a link instead of a file"):
        list(read_source(tmp_path / "a.zip"))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.zip", b"PK no zip", "not a readable zip"),
        ("a.txt", b"", "none of .jsonl"),
        ("absent.jsonl", None, "is not there"),
    ],
)
def test_what_is_no_source_is_refused_with_a_sentence(tmp_path, name, content, sentence):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceRefused, match=sentence):
        list(read_source(tmp_path / name))


def test_deep_nesting_is_a_problem_of_that_line_alone(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"[" * 200_000 + b"\n" + as_jsonl(TWO))
    assert codes(tmp_path / "a.jsonl") == ["1.000001", "1.000002"]
    assert problems(tmp_path / "a.jsonl")[0][1] in ("nested too deeply", "not valid JSON")


@given(st.binary(), st.sampled_from(["a.jsonl", "a.jsonl.gz", "a.json", "a.zip"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content, name):
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(content)
    with suppress(SourceRefused):
        list(read_source(path))
