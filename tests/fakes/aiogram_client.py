"""A second real client of Telegram's Bot API, in an environment of its own: Rasa pins aiogram 2.

Run as a program, with an origin and a token, by that environment's Python: it drives the fake and
prints what it saw as one line of JSON. aiogram reads every answer strictly, as pydantic models.
"""

import asyncio
import json
import sys

REQUIREMENT = "aiogram==3.31.0"


async def main(origin: str, token: str) -> None:
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.exceptions import (
        TelegramBadRequest,
        TelegramConflictError,
        TelegramForbiddenError,
        TelegramRetryAfter,
    )
    from aiogram.types import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, Update

    session = AiohttpSession(api=TelegramAPIServer.from_base(origin))
    seen: dict[str, object] = {}
    async with Bot(token, session=session) as bot:
        me = await bot.get_me()
        seen["me"] = [me.id, me.username]
        button = InlineKeyboardButton(text="Một", callback_data="1.0")
        keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])
        sent = await bot.send_message(1001, "chào bạn", reply_markup=keyboard)
        seen["sent"] = [sent.text, sent.reply_markup.inline_keyboard[0][0].callback_data]
        photo = await bot.send_photo(1001, "https://hoi.example.gov.vn/a.png", caption="ảnh")
        seen["photo"] = [photo.caption, len(photo.photo)]

        updates = await bot.get_updates(timeout=5, allowed_updates=["message", "callback_query"])
        seen["updates"] = [each.event_type for each in updates]
        Update.model_validate_json(updates[0].model_dump_json())
        seen["album"] = len({each.message.media_group_id for each in updates if each.message}) - 1
        query = next(each.callback_query for each in updates if each.callback_query)
        seen["answered"] = await query.answer().as_(bot)
        file = await bot.get_file(updates[1].message.photo[-1].file_id)
        body = await bot.download_file(file.file_path)
        seen["file"] = body.read().decode("latin-1")
        seen["left"] = len(await bot.get_updates(offset=updates[-1].update_id + 1))
        seen["commands"] = await bot.set_my_commands(
            [BotCommand(command="help", description="Mình giúp được gì")]
        )

        async def refused(call) -> str:
            try:
                await call
            except (
                TelegramBadRequest,
                TelegramConflictError,
                TelegramForbiddenError,
                TelegramRetryAfter,
            ) as error:
                return type(error).__name__
            return "taken"

        seen["refusals"] = [
            await refused(bot.send_message(404, "x")),
            await refused(bot.send_message(1001, "x" * 4097)),
            await refused(bot.send_message(1002, "x")),
            await refused(bot.send_message(1001, "x")),
            await refused(bot.set_webhook("http://hoi.example.gov.vn/webhooks/telegram")),
        ]
        await bot.set_webhook("https://hoi.example.gov.vn/webhooks/telegram", secret_token="s-1")
        seen["refusals"].append(await refused(bot.get_updates()))
        info = await bot.get_webhook_info()
        seen["webhook"] = [info.url, info.pending_update_count]
        await bot.delete_webhook()
    print(json.dumps(seen))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
