"""The one time zone of the country."""

from datetime import timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))  # it knows no summer time
