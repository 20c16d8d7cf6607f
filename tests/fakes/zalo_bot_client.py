"""python-zalo-bot against the fake: a real client, run by the Python of an environment of its own.

``python -m tests.fakes.zalo_bot_client ORIGIN TOKEN CHAT`` prints what it saw as one line of JSON.
"""

import asyncio
import json
import sys

REQUIREMENT = "python-zalo-bot==0.1.9"


async def main(origin: str, token: str, chat: str) -> None:
    from zalo_bot import Bot
    from zalo_bot.error import ZaloError

    seen: dict[str, object] = {}
    async with Bot(token, base_url=origin) as bot:
        me = await bot.get_me()
        seen["me"] = [me.id, me.account_name, me.account_type]
        update = await bot.get_update(timeout=5)
        seen["heard"] = [update.message.text, update.message.chat.id, update.effective_user.id]
        photo = await bot.get_update(timeout=5)
        seen["photo"] = photo.message.photo_url
        seen["sent"] = (await bot.send_message(chat, "chào bạn")).message_id
        picture = "https://hoi.example.gov.vn/a.png"
        seen["shown"] = (await bot.send_photo(chat, "ảnh", picture)).message_id
        seen["typing"] = await bot.send_chat_action(chat, "typing")
        seen["refused"] = []
        for attempt in (
            bot.send_message(chat, "x" * 2001),
            bot.send_message("nobody", "x"),
            bot._set_webhook_async("http://hoi.example.gov.vn", "12345678"),
            bot._set_webhook_async("https://hoi.example.gov.vn", "short"),
        ):
            try:
                await attempt
            except ZaloError as error:
                seen["refused"].append(type(error).__name__)
        seen["webhook"] = await bot._set_webhook_async("https://hoi.example.gov.vn", "12345678")
        seen["info"] = (await bot._get_webhook_info_async()).url
        seen["removed"] = await bot._delete_webhook_async()
    try:
        async with Bot("4711:another", base_url=origin):
            seen["stranger"] = "let in"
    except ZaloError as error:
        seen["stranger"] = type(error).__name__
    print(json.dumps(seen))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
