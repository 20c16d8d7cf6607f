"""Telegram, the only room that knows Telegram's library.

`updates` reads what Telegram hands over, `door` takes it at a webhook and `polling` fetches it
where there is no public address; `channel` hands replies and asks for files; `sender` notifies the
staff. What its errors mean stands once, in `judging`.
"""
