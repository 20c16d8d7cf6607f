"""Every table of the program: importing this fills ``Base.metadata``."""

from bot.channels import absences as _absences
from bot.channels.zalo_oa import models as _zalo_oa
from bot.conversation import models as _conversation
from bot.dossiers import models as _dossiers
from bot.feedback import models as _feedback
from bot.feedback.reports import models as _reports
from bot.notifications import models as _notifications
from bot.procedures import models as _procedures
from bot.questions import models as _questions
from bot.staff import models as _staff
from bot.storage import misses as _misses
from bot.storage.base import Base

__all__ = ["METADATA"]

METADATA = Base.metadata
_ROOMS = (
    _absences,
    _conversation,
    _dossiers,
    _feedback,
    _misses,
    _notifications,
    _procedures,
    _questions,
    _reports,
    _staff,
    _zalo_oa,
)
