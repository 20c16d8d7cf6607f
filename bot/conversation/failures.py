"""What may be logged of an error."""

import traceback


def places(error: BaseException) -> str:
    """Tell where an error came from, without its message, which may quote a citizen."""
    return "".join(traceback.format_tb(error.__traceback__))
