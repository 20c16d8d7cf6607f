"""A way out for notifications, in memory."""


class FakeSender:
    """Implements notifications.post.Sender; `troubles` is what it raises before it takes one."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, str]] = []
        self.troubles: list[Exception] = []

    async def send(self, address: str, subject: str, text: str) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.taken.append((address, subject, text))

    async def close(self) -> None:
        pass
