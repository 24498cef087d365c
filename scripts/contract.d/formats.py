"""Formats of ours, for schemathesis: what it sends in good faith must be good, and no schema can say more of them than their names."""

import zoneinfo

import schemathesis
from hypothesis import strategies
from hypothesis.strategies import SearchStrategy, builds, datetimes, integers, sampled_from


def form(name: str, values: SearchStrategy[str]) -> None:
    schemathesis.openapi.format(name, values)


# These are known on every machine.
ZONES = sorted(zoneinfo.available_timezones() & {"UTC", "Europe/Berlin", "Asia/Seoul", "America/New_York", "Australia/Adelaide"})
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

form("time-zone", sampled_from(ZONES))
# Only what a page answered is a cursor; the empty one is the first page's.
form("cursor", strategies.just(""))
# Days and weeks are no lengths of a class.
form("duration", builds("PT{}H{}M".format, integers(0, 999), integers(0, 59)))
form("local-date-time", datetimes().map(lambda it: it.strftime("%Y-%m-%dT%H:%M").zfill(16)))
form("month", builds("{:04}-{:02}".format, integers(1, 9999), integers(1, 12)))
form("weekday-time", builds("{} {:02}:00-{:02}:30".format, sampled_from(DAYS), integers(0, 11), integers(12, 23)) | sampled_from(DAYS))
form("coordinates", builds("{},{}".format, integers(-90, 90), integers(-180, 180)))
