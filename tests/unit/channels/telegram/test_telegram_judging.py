"""What Telegram's errors mean for trying again."""

from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.judging import judge


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        BadRequest("Chat not found"),
        BadRequest("TOPIC_CLOSED"),
        ChatMigrated(-100300),
        Forbidden("x"),
    ],
)
def test_a_chat_that_cannot_be_written_to_stays_so(error):
    assert judge(error).lasting


def test_only_who_left_is_taken_for_gone():
    assert judge(Forbidden("bot was blocked by the user")).left
    assert not judge(BadRequest("Chat not found")).left


def test_what_is_wrong_with_a_chat_is_told_from_what_is_wrong_with_a_message():
    assert judge(BadRequest("Have no rights to send a message")).about_chat
    assert not judge(BadRequest("Failed to get HTTP URL content")).about_chat


@pytest.mark.parametrize(
    "cause", [httpx.ReadTimeout("x"), httpx.ReadError("x"), httpx.WriteError("x")]
)
def test_a_connection_that_broke_after_it_was_made_leaves_it_open(cause):
    judgement = judge(caused(NetworkError("x"), cause))
    assert (judgement.may_have_arrived, judgement.everybody, judgement.lasting) == (True,) + (
        False,
    ) * 2


@pytest.mark.parametrize(
    "cause", [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")]
)
def test_a_connection_that_was_never_made_has_delivered_nothing_to_anybody(cause):
    judgement = judge(caused(TimedOut(), cause))
    assert (judgement.may_have_arrived, judgement.everybody) == (False, True)


def test_a_pause_is_for_the_chat_and_a_wrong_token_for_everybody():
    pause = judge(RetryAfter(timedelta(seconds=17)))
    assert (pause.retry_after, pause.everybody) == (17, False)
    assert judge(InvalidToken("x")).everybody
    assert not judge(Conflict("x")).lasting


@pytest.mark.parametrize(
    "kind", [BadRequest, Forbidden, InvalidToken, NetworkError, Conflict, TelegramError]
)
def test_no_reason_quotes_what_telegram_said(kind):
    assert "Nguyễn Văn An" not in judge(kind("Nguyễn Văn An is too long")).reason
