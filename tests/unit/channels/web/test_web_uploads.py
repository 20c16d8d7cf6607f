"""Pictures on the page: sent by themselves, named by a message, seen by their sender alone."""

import asyncio
import io
import re
import tracemalloc

import pytest
from aiohttp import FormData

from bot.channels.web import site, texts
from bot.feedback.errors import BadFile, Unfit
from bot.feedback.pictures import MOST_BYTES
from tests.fakes.pictures import PDF, PROGRAM, a_picture

PICTURE = a_picture()


async def kept_id(script, body=PICTURE):
    answer = await script.uploads_a_file(body)
    assert answer.status == 201
    return (await answer.json())["id"]


async def refusal(answer):
    return answer.status, (await answer.json())["error"]


async def test_a_picture_is_kept_and_named_by_a_message(script):
    ids = [await kept_id(script), await kept_id(script, PDF)]
    assert (await script.sends("ảnh đây", attachments=ids)).status == 202
    assert script.road.kept[0].attachments == tuple(ids)
    line = (await script.reads())[0]
    assert line["attachments"] == [f"/chat/uploads/{id}" for id in ids]


async def test_a_picture_needs_no_words(script):
    await script.sends("", attachments=[await kept_id(script)])
    assert script.road.kept[0].text == ""
    assert "text" not in (await script.reads())[0]


async def test_its_thumbnail_is_shown_to_its_sender_alone(script):
    id = await kept_id(script)
    seen = await script.client.get(f"/chat/uploads/{id}")
    assert (seen.content_type, await seen.read()) == ("image/jpeg", PICTURE)
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert seen.headers["Cache-Control"] == "no-store"
    assert seen.headers["Content-Security-Policy"].startswith("default-src 'self'")
    script.client.session.cookie_jar.clear()
    assert (await script.client.get(f"/chat/uploads/{id}")).status == 409
    await script.opens_the_page()  # somebody else now
    assert (await script.client.get(f"/chat/uploads/{id}")).status == 404
    assert await refusal(await script.sends("ảnh", attachments=[id])) == (409, "file_gone")
    assert (await script.client.delete(f"/chat/uploads/{id}")).status == 204
    assert id in script.uploads.files


async def test_what_is_no_picture_is_shown_as_a_sheet(script):
    seen = await script.client.get(f"/chat/uploads/{await kept_id(script, PDF)}")
    assert seen.content_type == "image/svg+xml"
    assert b"script" not in await seen.read()


async def test_a_picture_taken_out_again_is_forgotten(script):
    id = await kept_id(script)
    assert (await script.client.delete(f"/chat/uploads/{id}")).status == 204
    assert script.uploads.files == {}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (PROGRAM, (422, "file_kind")),
        (b"", (422, "file_empty")),
        pytest.param(PICTURE + bytes(MOST_BYTES), (413, "file_too_large"), id="large"),
    ],
)
async def test_what_cannot_be_taken_is_refused_by_name(script, body, expected):
    assert await refusal(await script.uploads_a_file(body)) == expected
    assert script.uploads.files == {}


@pytest.mark.parametrize("problem", list(Unfit))
async def test_every_refusal_has_its_words_on_the_page(script, problem):
    script.uploads.refusing = BadFile(problem)
    status, code = await refusal(await script.uploads_a_file(PICTURE))
    assert status in (413, 422, 429, 503)
    assert texts.SCRIPT[code] == texts.NOTICES[code]


async def test_two_hundred_megabytes_are_refused_without_being_held(script):
    piece = bytes(1 << 20)
    sent = 0

    async def very_much():
        nonlocal sent
        for _ in range(200):
            sent += len(piece)
            yield piece

    tracemalloc.start()
    answer = await script.uploads_a_file(very_much())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert await refusal(answer) == (413, "file_too_large")
    assert sent < 100 << 20
    assert peak < 60 << 20


async def test_a_form_of_another_site_cannot_send_a_file(script):
    for kind in ("text/plain", "multipart/form-data", "image/jpeg"):
        answer = await script.uploads_a_file(PICTURE, content_type=kind)
        assert await refusal(answer) == (415, "not_bytes")
    foreign = {"Origin": "https://evil.example", "Content-Type": "application/octet-stream"}
    answer = await script.client.post("/chat/uploads", data=PICTURE, headers=foreign)
    assert await refusal(answer) == (403, "cross_site")
    answer = await script.client.delete("/chat/uploads/x", headers=foreign)
    assert await refusal(answer) == (403, "cross_site")


async def test_a_page_of_another_conversation_is_told_to_load_again(script):
    answer = await script.uploads_a_file(PICTURE, conversation="00000000")
    assert await refusal(answer) == (409, "conversation_changed")


async def test_very_many_files_one_after_the_other_are_slowed_down(script):
    answers = [await script.uploads_a_file(PICTURE) for _ in range(11)]
    assert await refusal(answers[-1]) == (429, "too_fast")
    assert int(answers[-1].headers["Retry-After"]) > 0


async def test_very_many_files_at_once_wait_outside(script, monkeypatch):
    monkeypatch.setattr(site, "UPLOADS_AT_ONCE", 1)
    held = asyncio.Event()

    async def slowly():
        yield PICTURE[:10]
        await held.wait()
        yield PICTURE[10:]

    slow = asyncio.create_task(script.uploads_a_file(slowly()))
    await asyncio.sleep(0.1)
    assert await refusal(await script.uploads_a_file(PICTURE)) == (503, "file_busy")
    held.set()
    assert (await slow).status == 201
    assert (await script.uploads_a_file(PICTURE)).status == 201


async def test_a_message_names_few_files_and_only_such_that_are_there(script):
    id = await kept_id(script)
    for attachments in ([id] * 6, ["../etc/passwd"], ["A" * 32]):
        answer = await script.sends("ảnh", attachments=attachments)
        assert await refusal(answer) == (400, "wrong_shape")
    answer = await script.sends("ảnh", attachments=["0" * 32])
    assert await refusal(answer) == (409, "file_gone")
    assert script.road.kept == []


# -- without script --


async def posts(script, *files, text="", **fields):
    page = await (await script.opens_the_page()).text()
    form = FormData()
    form.add_field("id", re.search(r'name="id" value="([^"]+)"', page).group(1))
    form.add_field("text", text)
    for name, value in fields.items():
        form.add_field(name, value)
    for name, body in files or [("", b"")]:
        kind = "application/octet-stream"
        form.add_field("file", io.BytesIO(body), filename=name, content_type=kind)
    return await script.client.post("/chat/form", data=form, allow_redirects=False)


async def test_a_form_carries_words_and_pictures(script):
    answer = await posts(script, ("a.jpg", PICTURE), ("b.pdf", PDF), text="bằng chứng\r\nđây")
    assert answer.status == 303
    (kept,) = script.road.kept
    assert kept.text == "bằng chứng\nđây"
    assert len(kept.attachments) == 2
    page = await (await script.opens_the_page()).text()
    assert all(f'src="/chat/uploads/{id}"' in page for id in kept.attachments)


async def test_a_form_without_a_file_is_a_message_as_ever(script):
    assert (await posts(script, text="xin chào")).status == 303
    assert script.road.kept[0].attachments == ()


async def test_a_program_called_jpg_is_refused_with_words_and_the_rest_is_not_lost(script):
    answer = await posts(
        script, ("a.jpg", PICTURE), ("thu-moi.jpg", PROGRAM), text="tôi bị đòi tiền"
    )
    page = await answer.text()
    assert answer.status == 422
    assert texts.NOTICES["file_kind"] in page
    assert "tôi bị đòi tiền</textarea>" in page
    (id,) = script.uploads.files
    assert f'name="attachment" value="{id}" checked' in page
    assert script.road.kept == []
    assert (await posts(script, text="tôi bị đòi tiền", attachment=id)).status == 303
    assert script.road.kept[0].attachments == (id,)


async def test_a_form_with_too_much_is_refused_with_words(script):
    answer = await posts(script, ("a.jpg", PICTURE + bytes(MOST_BYTES)), text="ảnh")
    assert (answer.status, texts.NOTICES["file_too_large"] in await answer.text()) == (413, True)
    many = [(f"{n}.jpg", PICTURE) for n in range(6)]
    answer = await posts(script, *many, text="ảnh")
    assert (answer.status, texts.NOTICES["file_count"] in await answer.text()) == (422, True)


async def test_a_form_without_storage_keeps_the_words(script):
    script.uploads.down = True
    answer = await posts(script, ("a.jpg", PICTURE), text="tôi bị đòi tiền")
    assert answer.status == 503
    assert "tôi bị đòi tiền</textarea>" in await answer.text()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"--b\r\n"),
        ("multipart/form-data; boundary=a", b"--a\r\n\r\nno name\r\n--a--"),
        ("multipart/form-data; boundary=a", b"--a\r\nContent-Length: x\r\n\r\n\r\n--a--"),
        (
            "multipart/form-data; boundary=a",
            b"--a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n--a--",
        ),
        ("multipart/form-data; boundary=a", b"--a\r\n" * 3),
        (
            "multipart/form-data; boundary=a",
            b'--a\r\nContent-Disposition: form-data; name="x"\r\n\r\n\r\n' * 40 + b"--a--",
        ),
    ],
)
async def test_a_mangled_form_is_answered_with_the_page(script, kind, body):
    answer = await script.client.post("/chat/form", data=body, headers={"Content-Type": kind})
    assert answer.status == 400
    assert texts.NOTICES["other"] in await answer.text()
