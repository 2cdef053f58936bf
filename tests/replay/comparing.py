"""Two answers side by side: what Notion said, and what the emulator says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import attrs

from tests.replay.recordings import TIME

NOTION = "https://api.notion.com"
_ID = re.compile(
    r"(?<![0-9a-f])[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}(?![0-9a-f])"
)
# They say nothing that could be foretold.
_BY_FORM = ("request_id",)
_CURSORS = ("next_cursor", "start_cursor")


@attrs.frozen
class Deviation:
    """One place in which the emulator's answer is not Notion's."""

    path: str
    recorded: object
    emulated: object

    def __str__(self) -> str:
        return f"{self.path}: Notion {_short(self.recorded)}, emulator {_short(self.emulated)}"


@attrs.frozen
class Absent:
    """Stands for a field that is not there."""

    def __repr__(self) -> str:
        return "nothing"


ABSENT = Absent()


class Counterparts:
    """Which id and which cursor of the emulator stands for a recorded one.

    Args:
        base_url: Where the emulator listens: there, for Notion's own address.
    """

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._ids: dict[str, str] = {}
        self._taken: set[str] = set()
        self._cursors: dict[str, str] = {}

    def same_id(self, identity: str) -> None:
        """Note that an object was loaded with its id."""
        self._bind(_digits(identity), _digits(identity))

    def emulated(self, text: str) -> str:
        """Return a recorded text with the emulator's ids in it."""
        return _ID.sub(self._replaced, text)

    def cursor(self, recorded: str) -> str:
        """Return the emulator's cursor for a recorded one."""
        return self._cursors.get(recorded) or self.emulated(recorded)

    def translated(self, value: object) -> object:
        """Return a recorded body with the emulator's ids in it."""
        if isinstance(value, Mapping):
            return {name: self._translated(name, each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.translated(each) for each in value]
        return self.emulated(value) if isinstance(value, str) else value

    def _translated(self, name: str, value: object) -> object:
        if name in _CURSORS and isinstance(value, str):
            return self.cursor(value)
        return self.translated(value)

    def deviations(
        self, recorded: object, emulated: object, path: str = "", name: str = ""
    ) -> Iterator[Deviation]:
        """Yield where two answers differ; ids and cursors that are new are taken as a pair."""
        if isinstance(recorded, dict) and isinstance(emulated, dict):
            for each in (*recorded, *(one for one in emulated if one not in recorded)):
                where = f"{path}.{each}" if path else each
                one, other = recorded.get(each, ABSENT), emulated.get(each, ABSENT)
                if ABSENT in (one, other):
                    yield Deviation(where, one, other)
                else:
                    yield from self.deviations(one, other, where, each)
        elif isinstance(recorded, list) and isinstance(emulated, list):
            if len(recorded) != len(emulated):
                yield Deviation(f"{path}.length", len(recorded), len(emulated))
            for index, (one, other) in enumerate(zip(recorded, emulated, strict=False)):
                yield from self.deviations(one, other, f"{path}[{index}]")
        elif isinstance(recorded, str) and isinstance(emulated, str):
            if not self._same_text(recorded, emulated, name):
                yield Deviation(path, recorded, emulated)
        elif type(recorded) is not type(emulated) or recorded != emulated:
            yield Deviation(path, recorded, emulated)

    def _same_text(self, recorded: str, emulated: str, name: str) -> bool:
        """Tell whether two texts are the same but for ids, times, cursors and addresses."""
        if name in _BY_FORM:
            return bool(_ID.fullmatch(recorded)) == bool(_ID.fullmatch(emulated))
        if name in _CURSORS:
            self._cursors[recorded] = emulated
            return bool(emulated)
        if TIME.fullmatch(recorded):
            return _form_of(recorded) == _form_of(emulated)
        if self._base_url:
            emulated = emulated.replace(self._base_url, NOTION)
        if _ID.sub("", recorded) != _ID.sub("", emulated):
            return False
        pairs = zip(_ID.finditer(recorded), _ID.finditer(emulated), strict=True)
        # All of them are looked at, so that every pair is taken note of.
        agree = [self._pair(one, other) for one, other in pairs]
        return all(agree)

    def _pair(self, recorded: re.Match[str], emulated: re.Match[str]) -> bool:
        if recorded[1] != emulated[1]:
            return False  # one has dashes, and the other has not
        one, other = _digits(recorded[0]), _digits(emulated[0])
        if one not in self._ids and other not in self._taken:
            self._bind(one, other)
        return self._ids.get(one) == other

    def _bind(self, recorded: str, emulated: str) -> None:
        self._ids[recorded] = emulated
        self._taken.add(emulated)

    def _replaced(self, found: re.Match[str]) -> str:
        digits = self._ids.get(_digits(found[0]), _digits(found[0]))
        parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
        return found[1].join(parts)


def _digits(identity: str) -> str:
    return identity.replace("-", "")


def _form_of(time: str) -> str:
    """Return how a time is written, and whether it is one of whole minutes."""
    found = TIME.fullmatch(time)
    if found is None:
        return time
    return f"{'minutes' if time[17:23] == '00.000' else 'milliseconds'} {found[1]}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 160 else f"{text[:157]}…"
