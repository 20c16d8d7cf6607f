"""Every table of the program: importing this fills ``Base.metadata``."""

from bot.conversation import models as _conversation
from bot.feedback import models as _feedback
from bot.procedures import models as _procedures
from bot.questions import models as _questions
from bot.storage.base import Base

__all__ = ["METADATA"]

METADATA = Base.metadata
_SLICES = (_conversation, _feedback, _procedures, _questions)
