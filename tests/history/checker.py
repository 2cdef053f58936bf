"""Whether a history can be true: what the clients were told, against what was carried out.

    commits = successes + adopted + some of the unknown

*   What succeeded and makes something was carried out exactly once, while it ran; what it
    returned is what was made.
*   What succeeded and sets or deletes something was carried out at least once while it ran, or
    things were that way already.  It may have been repeated: with equal values, and with nothing
    by somebody else in between that was not long given up.
*   What was refused, or not sent, was never carried out; neither was what nobody asked for.
*   What is unknown makes nothing twice.
*   A read returns what was there while it ran; a list has all that was there all the time, each
    once, and nothing that was not there.
*   In the end every object has the value of the last commit.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from notion_async.endpoints import COMMENTS_DELETE
from notion_async.testing import Commit
from tests.history.operations import Operation, Outcome

TEXT: Final = "text"
TRASHED: Final = "trashed"
PARENT: Final = "parent"
COMMENTS_ON: Final = "comments on "
"""What a list of comments is called: the page itself lists its blocks."""

_ALLOWED_LATE: Final = (Outcome.UNKNOWN, Outcome.SUCCESS)


@attrs.frozen
class History:
    """Both sides."""

    operations: Sequence[Operation]
    commits: Sequence[Commit]
    state: Mapping[str, Mapping[str, object]]
    """What is there in the end: the fields of each object, by its id."""


def check(history: History) -> list[str]:
    """Return what cannot be, in words; nothing where all is well."""
    return list(_Check(history).violations())


class _Check:
    def __init__(self, history: History) -> None:
        self.history = history
        self.commits = history.commits
        self.of: dict[int, list[Commit]] = defaultdict(list)
        """The commits of each operation, by its number."""
        self.by: dict[int, Operation] = {}
        """The operation of each commit, by its number."""
        self.fields: dict[tuple[str, str], list[tuple[int, object]]] = defaultdict(list)
        """What each field of an object was set to, with the number of the commit."""
        self._tagged: dict[str, list[Operation]] = defaultdict(list)
        for one in history.operations:
            if one.tag:
                self._tagged[one.tag].append(one)
        self._untagged = [one for one in history.operations if not one.tag and not one.reads]

    def violations(self) -> Iterator[str]:
        for commit in self.commits:
            operation = self._asked_for(commit)
            if operation is None:
                yield f"nobody asked for {commit}"
                continue
            self.by[commit.number] = operation
            self.of[operation.number].append(commit)
            self._note(operation, commit)
        for operation in self.history.operations:
            for wrong in self._wrong_with(operation):
                yield f"{wrong}: {operation}"
        yield from self._wrong_in_the_end()

    # ---------------------------------------------------------- who asked for what

    def _asked_for(self, commit: Commit) -> Operation | None:
        if commit.tag is not None:
            twins = [one for one in self._tagged.get(commit.tag, ()) if _could_be(one, commit)]
            return min(twins, key=lambda one: self._claim(one, commit), default=None)
        candidates = [one for one in self._untagged if _could_be(one, commit)]
        return min(candidates, key=lambda one: self._doubt(one, commit), default=None)

    def _claim(self, operation: Operation, commit: Commit) -> int:
        """Return how unlikely it is, of several that make the same, that it was this one."""
        if operation.outcome is Outcome.SUCCESS:
            found = [identity for identity, _ in operation.found]
            return 0 if found == _made(operation, commit) else 2
        free = operation.outcome is Outcome.UNKNOWN and not self.of[operation.number]
        return 1 if free else 3

    def _doubt(self, operation: Operation, commit: Commit) -> tuple[int, int]:
        """Return how unlikely it is that this operation has led to the commit."""
        in_time = commit.number < operation.ended
        might = operation.outcome in _ALLOWED_LATE
        # The last of them, where several might have.
        return (0 if in_time and might else 1 if might else 2, -operation.started)

    def _note(self, operation: Operation, commit: Commit) -> None:
        if operation.creates:
            for identity in _made(operation, commit):
                self.fields[identity, TEXT].append((commit.number, operation.tag))
                self.fields[identity, TRASHED].append((commit.number, False))
                self.fields[identity, PARENT].append((commit.number, operation.parent))
        else:
            field = self.fields[operation.target, operation.field]
            field.append((commit.number, operation.value))

    # ---------------------------------------------------------- each operation

    def _wrong_with(self, operation: Operation) -> Iterator[str]:
        commits = self.of[operation.number]
        match operation.outcome:
            case Outcome.RUNNING:
                yield "it has never ended"
            case Outcome.FOREIGN:
                yield "an exception that is not a NotionError"
            case Outcome.REFUSED | Outcome.NOT_SENT if commits:
                yield f"{operation.outcome.value}, but carried out"
            case Outcome.UNKNOWN if operation.creates and len(commits) > 1:
                yield f"carried out {len(commits)} times"
            case Outcome.UNKNOWN if not operation.reads:
                yield from self._wrong_repeats(operation, [one.number for one in commits])
            case Outcome.SUCCESS if operation.reads:
                yield from self._wrong_read(operation)
            case Outcome.SUCCESS if operation.creates:
                yield from self._wrong_creation(operation, commits)
            case Outcome.SUCCESS:
                yield from self._wrong_change(operation, commits)

    def _wrong_creation(self, operation: Operation, commits: Sequence[Commit]) -> Iterator[str]:
        if len(commits) != 1:
            yield f"a success, but carried out {len(commits)} times"
            return
        (commit,) = commits
        if not operation.started <= commit.number < operation.ended:
            yield f"a success before it was carried out (commit {commit.number})"
        if [identity for identity, _ in operation.found] != _made(operation, commit):
            yield f"returned other objects than it has made {commit.made}"
        if any(text.split(" ")[0] != operation.tag for _, text in operation.found):
            yield f"returned another content {operation.found}"
        if not operation.recovered and operation.request_id != commit.request_id:
            yield "returned the answer to another request"

    def _wrong_change(self, operation: Operation, commits: Sequence[Commit]) -> Iterator[str]:
        key = (operation.target, operation.field)
        in_time = [one.number for one in commits if one.number < operation.ended]
        was_so = self._value_at(key, operation.ended) == operation.value and not operation.tag
        if not in_time and not was_so:
            yield "a success, but not carried out"
        if [identity for identity, _ in operation.found] != [operation.target]:
            yield "returned another object"
        if operation.field == TEXT and [text for _, text in operation.found] != [operation.value]:
            yield "returned another content"
        yield from self._wrong_repeats(operation, in_time)

    def _wrong_repeats(self, operation: Operation, numbers: Sequence[int]) -> Iterator[str]:
        if len(numbers) < 2:
            return
        bodies = {self.commits[number].body for number in numbers}
        if len(bodies) > 1:
            yield f"repeated with other values {bodies}"
        for number, _ in self.fields[operation.target, operation.field]:
            other = self.by[number]
            between = numbers[0] < number < numbers[-1]
            # What was given up may come at any time, and nobody can know.
            if between and other is not operation and number < other.ended:
                yield f"repeated over what another one had set (commit {number})"

    def _wrong_read(self, operation: Operation) -> Iterator[str]:
        if operation.target:
            yield from self._wrong_retrieve(operation)
        else:
            yield from self._wrong_list(operation)

    def _wrong_retrieve(self, operation: Operation) -> Iterator[str]:
        (identity, text), *_ = operation.found
        key = (operation.target, TEXT)
        seen = {value for _, value in self._during(key, operation)}
        if identity != operation.target or text.split(" ")[0] not in seen:
            yield f"read what was not there: {text!r}, not one of {seen}"

    def _wrong_list(self, operation: Operation) -> Iterator[str]:
        found = [identity for identity, _ in operation.found]
        lost = self._all_the_time(operation) - set(found)
        if lost:
            yield f"the list lacks {lost}"
        if invented := set(found) - self._at_some_time(operation):
            yield f"the list has what was not there: {invented}"
        if len(found) != len(set(found)) and not self._shrank(operation):
            yield f"the list has something twice: {found}"

    # ---------------------------------------------------------- what was when

    def _value_at(self, key: tuple[str, str], moment: int) -> object:
        values = [value for number, value in self.fields.get(key, ()) if number < moment]
        return values[-1] if values else None

    def _during(self, key: tuple[str, str], operation: Operation) -> list[tuple[int, object]]:
        """Return the values that a field had while an operation ran, each with its commit."""
        values = [one for one in self.fields.get(key, ()) if one[0] < operation.ended]
        before = [one for one in values if one[0] < operation.started][-1:]
        return before + [one for one in values if one[0] >= operation.started]

    def _were(self, identity: str, operation: Operation) -> tuple[bool, bool]:
        """Return whether it was in the list always, and whether ever, while it was read."""
        parents = self._during((identity, PARENT), operation)
        trashed = self._during((identity, TRASHED), operation)
        inside = [parent == operation.parent for _, parent in parents]
        alive = [not value for _, value in trashed]
        from_the_start = bool(parents) and parents[0][0] < operation.started
        return from_the_start and all(inside) and all(alive), any(inside) and any(alive)

    def _all_the_time(self, operation: Operation) -> set[str]:
        if self._shrank(operation):
            return set()  # Notion goes on by position, and may pass over what has moved up
        above = operation.parent.removeprefix(COMMENTS_ON)
        if any(value for _, value in self._during((above, TRASHED), operation)):
            return set()  # what is in the trash lists nothing
        return {one for one, field in self.fields if field == PARENT
                and self._were(one, operation)[0]}  # fmt: skip

    def _at_some_time(self, operation: Operation) -> set[str]:
        return {one for one, field in self.fields if field == PARENT
                and self._were(one, operation)[1]}  # fmt: skip

    def _shrank(self, operation: Operation) -> bool:
        """Tell whether something left the list while it was read."""
        return any(
            self.by[number].field in (TRASHED, PARENT)
            for number in range(operation.started, operation.ended)
            if number in self.by
        )

    # ---------------------------------------------------------- the end

    def _wrong_in_the_end(self) -> Iterator[str]:
        deleted = {one.target for one in self.by.values() if one.endpoint is COMMENTS_DELETE}
        for (identity, field), values in self.fields.items():
            state = self.history.state.get(identity)
            last = values[-1][1]
            if state is None:
                if identity not in deleted:
                    yield f"{identity} is lost: it is not there in the end"
            elif identity not in deleted and state.get(field) != last:
                yield f"{field} of {identity} is {state.get(field)!r} in the end, not {last!r}"
        for identity in self.history.state.keys() - {identity for identity, _ in self.fields}:
            yield f"{identity} is there in the end, and nobody has made it"


def _could_be(operation: Operation, commit: Commit) -> bool:
    if (operation.endpoint.name, operation.target) != (commit.endpoint, commit.target):
        return False
    if commit.number < operation.started:
        return False
    body: Any = json.loads(commit.body) if commit.body else {}  # JSON, taken apart below
    if operation.field == TRASHED and body:
        return body.get("in_trash") is operation.value
    if operation.field == PARENT:
        return operation.value in body.get("parent", {}).values()
    return True


def _made(operation: Operation, commit: Commit) -> list[str]:
    """Return what is asked after of what was made: not the blocks below the first level."""
    return list(commit.made[: operation.count])
