"""The web chat: a pull channel whose page reads the journal.

`add_web_chat(app, WebChat(inbox, journal, …))` puts it at `/` of an aiohttp application.
"""

from bot.channels.web.routes import add_web_chat
from bot.channels.web.site import NAME, WebChat

__all__ = ["NAME", "WebChat", "add_web_chat"]
