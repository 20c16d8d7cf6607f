"""POST /chat/messages: what is kept, and what is refused with a reason."""

import json

import pytest

A_ID = "0b9c1f6e-3c53-4d1e-9a55-8d3a1f6b2c11"


async def refusal(answer):
    body = await answer.json()
    assert set(body) == {"error", "reason"}
    return answer.status, body["error"]


async def test_a_message_is_kept_before_it_is_acknowledged(script):
    answer = await script.sends("lam giay khai sinh", message_id=A_ID)
    assert answer.status == 202
    assert await answer.json() == {"id": A_ID, "repeated": False}
    [kept] = script.road.kept
    assert (kept.channel, kept.text, kept.metadata) == ("web", "lam giay khai sinh", {})
    assert kept.update_id == f"{kept.sender}:{A_ID}"


async def test_sent_again_under_the_same_id_it_is_kept_once(script):
    await script.sends(message_id=A_ID)
    answer = await script.sends(message_id=A_ID)
    assert (await answer.json())["repeated"] is True
    assert len(script.road.kept) == 1


async def test_two_browsers_may_use_the_same_id(build):
    an, binh = await build(), await build()
    for script in (an, binh):
        await script.opens_the_page()
        assert (await script.sends(message_id=A_ID)).status == 202
    assert len(an.road.kept) == 2


async def test_a_tapped_button_sends_its_payload_and_shows_its_title(script):
    await script.sends("Lệ phí", payload='/ask_procedure{"aspect": "fee"}')
    [kept] = script.road.kept
    assert kept.text == '/ask_procedure{"aspect": "fee"}'
    assert kept.metadata == {"title": "Lệ phí"}
    assert (await script.reads())[0]["text"] == [{"text": "Lệ phí"}]


@pytest.mark.parametrize("text", ["", "   ", "😀", "\u200b", "\u202eabc", "a\0b", "x" * 102_400])
async def test_odd_text_is_taken_like_any_other(script, text):
    assert (await script.sends(text)).status == 202


async def test_half_a_surrogate_pair_is_refused_or_made_storable(script):
    body = b'{"id": "%s", "text": "a\\ud800b"}' % A_ID.encode()
    answer = await script.client.post(
        "/chat/messages", data=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status in (202, 400)


async def test_more_than_256_kb_is_too_large(script):
    assert await refusal(await script.sends("x" * 262_144)) == (413, "too_large")
    assert script.road.kept == []


async def test_a_body_of_unsaid_length_is_cut_off_too(script):
    async def pieces():
        for _ in range(10):
            yield b"x" * 65_536

    answer = await script.client.post(
        "/chat/messages", data=pieces(), headers={"Content-Type": "application/json"}
    )
    assert await refusal(answer) == (413, "too_large")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b'"\xff"', "wrong_shape"),  # a text where an object is due, before its letters are read
        (b"[" * 100_000, "wrong_shape"),
        (b'{"x":' + b"[" * 100_000, "not_json"),
        (b"[]", "wrong_shape"),
        (b"null", "wrong_shape"),
        (b"{}", "wrong_shape"),
        (json.dumps({"id": A_ID}).encode(), "wrong_shape"),
        (json.dumps({"text": "a"}).encode(), "wrong_shape"),
        (json.dumps({"id": A_ID, "text": 1}).encode(), "wrong_shape"),
        (json.dumps({"id": 5, "text": "a"}).encode(), "wrong_shape"),
        (json.dumps({"id": "../..", "text": "a"}).encode(), "wrong_shape"),
        (json.dumps({"id": A_ID, "text": "a", "payload": []}).encode(), "wrong_shape"),
        (json.dumps({"id": A_ID, "text": "a", "payload": "x" * 5000}).encode(), "wrong_shape"),
    ],
)
async def test_a_wrong_body_is_refused_with_a_reason(script, body, error):
    answer = await script.client.post(
        "/chat/messages", data=body, headers={"Content-Type": "application/json"}
    )
    assert await refusal(answer) == (400, error)


async def test_only_json_is_taken(script):
    answer = await script.client.post(
        "/chat/messages", data=b"{}", headers={"Content-Type": "text/plain"}
    )
    assert await refusal(answer) == (415, "not_json")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.vn"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/chat/messages", "/chat/new"])
async def test_posts_from_other_sites_are_refused(script, headers, path):
    body = {"id": A_ID, "text": "a"}
    answer = await script.client.post(path, json=body, headers=headers)
    assert await refusal(answer) == (403, "cross_site")
    assert script.road.kept == []


async def test_our_own_page_may_post(script):
    here = f"http://127.0.0.1:{script.client.port}"
    answer = await script.client.post(
        "/chat/messages", json={"id": A_ID, "text": "a"}, headers={"Origin": here}
    )
    assert answer.status == 202


async def test_behind_a_proxy_the_public_origin_counts(build):
    script = await build(public_origin="https://hoi.example.vn")
    cookie = (await script.opens_the_page()).headers["Set-Cookie"].partition(";")[0]
    for origin, status in (("https://hoi.example.vn", 202), ("http://hoi.example.vn", 403)):
        answer = await script.client.post(
            "/chat/messages",
            json={"id": A_ID, "text": "a"},
            headers={"Origin": origin, "Cookie": cookie},
        )
        assert answer.status == status


async def test_without_the_cookie_the_page_must_be_loaded_first(build):
    script = await build()
    assert await refusal(await script.sends()) == (409, "no_conversation")


async def test_a_page_that_shows_another_conversation_is_told_so(script):
    answer = await script.sends(conversation="00000000")
    assert await refusal(answer) == (409, "conversation_changed")
    assert script.road.kept == []


async def test_when_storage_is_down_nothing_is_acknowledged(script):
    script.road.down = True
    answer = await script.sends()
    assert await refusal(answer) == (503, "storage_down")
    assert answer.headers["Retry-After"] == "2"


async def test_who_sends_too_fast_is_asked_to_wait(build):
    script = await build(burst=2, per_minute=6)
    await script.opens_the_page()
    assert [(await script.sends()).status for _ in range(2)] == [202, 202]
    answer = await script.sends()
    assert await refusal(answer) == (429, "too_fast")
    assert 1 <= int(answer.headers["Retry-After"]) <= 10
    assert len(script.road.kept) == 2
