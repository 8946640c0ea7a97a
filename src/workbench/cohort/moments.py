"""Moments that an export tells: in the name of a folder, in a file, in an archive's list."""

import re
from datetime import UTC, datetime, tzinfo

CLOCK = r"(\d\d)[-:.h_]?(\d\d)(?:[-:.m_]?(\d\d))?"
DATED = re.compile(rf"(\d{{4}})-?(\d\d)-?(\d\d)(?:[T_ -]+{CLOCK})?(?:[.\d]* ?(?:UTC|Z))?\D*")


def moment(text: str) -> datetime | None:
    """The time that a folder or a file says; of this machine's clock unless it says UTC."""
    match = DATED.fullmatch(text.strip())
    if match is None:
        return None
    numbers = [int(digits) for digits in match.groups() if digits]
    try:
        told = datetime(*numbers)
    except ValueError:
        return None
    return aware(told, UTC if re.search(r"UTC|Z\b", text) else None)


def aware(told: datetime, zone: tzinfo | None) -> datetime | None:
    """The moment in its own zone, else in this one; None at the ends of the calendar."""
    zoned = told if told.tzinfo else told.replace(tzinfo=zone)
    try:
        local = zoned.astimezone()
        return zoned if zoned.tzinfo else local
    except (ValueError, OverflowError):
        return None


def are_numbers(folders: set[str], below: set[str]) -> bool:
    """Whether folders that could be dates are numbers of people, which may begin with a year: no
    sign parts their digits, and they are no days, or have one folder in each, or none."""
    dated = [folder for folder in folders if DATED.fullmatch(folder)]
    plain = not any("-" in folder for folder in dated)
    return plain and (not all(map(moment, dated)) or len(below) < 2)


def of_entry(numbers: tuple[int, ...]) -> datetime | None:
    """When a file in a zip was last changed; None where that does not say, which is 1980."""
    try:
        return datetime(*numbers).astimezone() if numbers[0] > 1980 else None
    except ValueError:
        return None
