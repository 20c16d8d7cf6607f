"""Talking in the terminal: numbers pick buttons, and a refusal is one sentence."""

import fcntl

import click
import pytest

from bot.commands.chat import (
    NO_ANSWER_YET,
    NoAnswer,
    converse,
    gateway_is_running,
    picked,
    reachable,
    read_answer,
    shown,
)
from bot.conversation.contracts import Button, Reply

FEE = Button("Xem phí, lệ phí", '/ask_procedure{"aspect": "fee"}')
PLACE = Button("Xem nơi nộp", '/ask_procedure{"aspect": "place"}')


class FakeAssistant:
    """Remembers what it was asked; answers with the next of its replies."""

    def __init__(self, *replies: list[Reply] | NoAnswer) -> None:
        self._replies = list(replies)
        self.heard: list[Button] = []

    def ask(self, message: Button) -> list[Reply]:
        self.heard.append(message)
        reply = self._replies.pop(0) if self._replies else []
        if isinstance(reply, NoAnswer):
            raise reply
        return reply


def typing(*lines: str):
    """Somebody who types these lines and then presses Ctrl-D."""
    waiting = list(lines)

    def read_line(prompt: str) -> str:
        if not waiting:
            raise EOFError
        return waiting.pop(0)

    return read_line


def payloads(assistant: FakeAssistant) -> list[str]:
    return [message.payload for message in assistant.heard]


def test_a_number_sends_the_payload_of_its_button():
    assistant = FakeAssistant([Reply("Thủ tục", (FEE,)), Reply("Hay là", (PLACE,))])
    converse(assistant.ask, typing("khai sinh", "2"))
    assert assistant.heard == [Button("", "khai sinh"), PLACE]


def test_a_number_picks_from_the_latest_answer_only():
    assistant = FakeAssistant([Reply("a", (FEE,))], [Reply("b")])
    converse(assistant.ask, typing("khai sinh", "cảm ơn", "1"))
    assert payloads(assistant) == ["khai sinh", "cảm ơn", "1"]


@pytest.mark.parametrize("typed", ["0", "3", "-1", "1.", "²", "9" * 5000, "một"])
def test_what_is_no_number_of_a_button_is_said_as_it_stands(typed):
    assert picked(typed, (FEE, PLACE)) == Button("", typed)


def test_quit_ends_the_talk_and_an_empty_line_says_nothing():
    assistant = FakeAssistant()
    converse(assistant.ask, typing("", "  ", "chào", "/quit", "còn nữa"))
    assert payloads(assistant) == ["chào"]


def test_a_message_without_an_answer_does_not_end_the_talk(capsys):
    assistant = FakeAssistant(NoAnswer(NO_ANSWER_YET), [Reply("Chào bạn")])
    converse(assistant.ask, typing("chào", "chào"))
    said = capsys.readouterr().out
    assert NO_ANSWER_YET in said
    assert "Chào bạn" in said


def test_replies_are_shown_with_numbered_buttons_and_cannot_steer_the_terminal():
    replies = [
        Reply("Bạn cần gì?\n\x1b[2JChọn nhé", (Button("1. Khai sinh", "/a"), FEE)),
        Reply(buttons=(PLACE,), image="/hinh.png"),
    ]
    assert list(shown(replies)) == [
        "Bạn cần gì?",
        "[2JChọn nhé",
        "  [1] Khai sinh",
        "  [2] Xem phí, lệ phí",
        "/hinh.png",
        "  [3] Xem nơi nộp",
    ]


def test_the_gateway_is_found_by_the_lock_that_it_holds(tmp_path):
    assert not gateway_is_running(tmp_path)
    assert not gateway_is_running(tmp_path / "missing")
    with (tmp_path / "gateway.lock").open("w") as lock:
        assert not gateway_is_running(tmp_path)
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert gateway_is_running(tmp_path)
    assert not gateway_is_running(tmp_path)


def test_the_answers_of_the_rest_channel_are_replies():
    body = (
        b'[{"recipient_id":"me","text":"Ch\xc3\xa0o",'
        b'"buttons":[{"title":"A","payload":"/a"}],"custom":{"decision":"none"}}]'
    )
    assert read_answer(200, body) == [
        Reply("Chào", (Button("A", "/a"),), custom={"decision": "none"})
    ]


@pytest.mark.parametrize("status", [429, 503, 504])
def test_a_busy_gateway_is_no_reason_to_stop(status):
    with pytest.raises(NoAnswer):
        read_answer(status, b"{}")


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (200, b"<html>", "not Dân Hỏi"),
        (401, b"{}", "set BOT_TOKEN"),
        (403, b"{}", "set BOT_TOKEN"),
        (500, b"{}", "status 500"),
    ],
)
def test_a_refusal_is_one_sentence(status, body, reason):
    with pytest.raises(click.ClickException, match=reason):
        read_answer(status, body)


@pytest.mark.parametrize(
    ("listens_on", "found_at"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "localhost"),
        ("::", "localhost"),
        ("may-chu.local", "may-chu.local"),
    ],
)
def test_a_gateway_that_listens_everywhere_is_found_on_this_machine(listens_on, found_at):
    assert reachable(listens_on) == found_at
