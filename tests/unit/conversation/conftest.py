"""Rasa is imported once, here: its imports warn, and warnings are errors."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import bot.conversation.assistant  # noqa: F401
