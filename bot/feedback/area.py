"""Which cases somebody may see and work on (địa bàn phụ trách)."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, true

from bot.feedback.models import Case


@dataclass(frozen=True)
class Area:
    """Whole provinces, single communes, or everywhere; the codes are those of today's units.

    A case of which nobody knows where it happened is in every area: somebody must take it up. One
    of which only the province is known is a matter for those who have the province.
    """

    provinces: frozenset[str] = frozenset()
    communes: frozenset[str] = frozenset()
    everywhere: bool = False

    def covers(self, province_code: str | None, commune_code: str | None) -> bool:
        """Tell whether a case of that place is in the area."""
        return (
            self.everywhere
            or (province_code is None and commune_code is None)
            or province_code in self.provinces
            or commune_code in self.communes
        )

    def where(self) -> ColumnElement[bool]:
        """Return the same as a condition on cases."""
        if self.everywhere:
            return true()
        return or_(
            and_(Case.province_code.is_(None), Case.commune_code.is_(None)),
            Case.province_code.in_(sorted(self.provinces)) if self.provinces else false(),
            Case.commune_code.in_(sorted(self.communes)) if self.communes else false(),
        )


EVERYWHERE = Area(everywhere=True)
