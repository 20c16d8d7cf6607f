"""Reading one record of the national portal (Cổng Dịch vụ công quốc gia) into a Procedure.

The portal's data carry many traps (placeholders for terms, zero fees that mean "not published",
headings among the papers …); each is resolved here once, so that nobody behind meets it again.
"""

from bot.procedures.official.fields import MalformedRecord, Oddities, Oddity, clean_code
from bot.procedures.official.record import code_of, read_record

__all__ = ["MalformedRecord", "Oddities", "Oddity", "clean_code", "code_of", "read_record"]
