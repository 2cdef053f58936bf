"""The checker sees what is wrong, and only that."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from notion_async import endpoints
from notion_async.endpoints import Endpoint, Replay
from notion_async.errors import (
    CircuitOpenError,
    ConfigurationError,
    ConnectError,
    ConnectionLostError,
    DeadlineExceededError,
    InvalidResponseError,
    ServerError,
    UnexpectedRedirectError,
    ValidationError,
    WriteOutcomeUnknown,
)
from notion_async.testing import Commit
from tests.history.checker import PARENT, TEXT, TRASHED, History, check
from tests.history.operations import Operation, Outcome, outcome_of

CREATE, UPDATE = endpoints.PAGES_CREATE, endpoints.PAGES_UPDATE
APPEND, DELETE = endpoints.BLOCKS_APPEND_CHILDREN, endpoints.BLOCKS_DELETE


class Story:
    """A history, written step by step: what takes effect, and what the client is told of it."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self.commits: list[Commit] = []
        self.state: dict[str, dict[str, object]] = {}

    def begins(self, endpoint: Endpoint, **about: Any) -> Operation:
        number = len(self.operations)
        operation = Operation(number, 0, endpoint, started=len(self.commits), **about)
        self.operations.append(operation)
        return operation

    def commits_(self, operation: Operation, made: str = "", body: object = None) -> Commit:
        commit = Commit(
            number=len(self.commits),
            endpoint=operation.endpoint.name,
            target=operation.target,
            made=tuple(made.split()),
            changed=(),
            request_id=f"request of {operation.number}",
            body=json.dumps(operation.tag if body is None else body).encode(),
        )
        self.commits.append(commit)
        if operation.creates:
            for identity in commit.made[: operation.count]:
                self.state[identity] = {
                    TEXT: operation.tag,
                    TRASHED: False,
                    PARENT: operation.parent,
                }
        else:
            self.state[operation.target][operation.field] = operation.value
        return commit

    def ends(self, operation: Operation, outcome: Outcome, *found: tuple[str, str]) -> None:
        operation.outcome = outcome
        operation.ended = len(self.commits)
        operation.found = list(found)
        operation.request_id = f"request of {operation.number}"

    def wrong(self) -> list[str]:
        return check(History(self.operations, self.commits, self.state))

    # What is needed again and again.

    def created(self, identity: str = "page", parent: str = "home") -> Operation:
        tag = f"tag-{len(self.operations)}"
        operation = self.begins(CREATE, tag=tag, parent=parent)
        self.commits_(operation, identity)
        self.ends(operation, Outcome.SUCCESS, (identity, tag))
        return operation

    def renaming(self, target: str = "page") -> Operation:
        tag = f"tag-{len(self.operations)}"
        return self.begins(UPDATE, tag=tag, target=target, field=TEXT, value=tag)

    def trashing(self, value: bool = True, target: str = "page") -> Operation:
        return self.begins(UPDATE, target=target, field=TRASHED, value=value)


@pytest.fixture
def story() -> Story:
    return Story()


def trashed(value: bool) -> object:
    return {"in_trash": value}


def test_a_history_in_which_all_is_well(story: Story) -> None:
    story.created()
    appending = story.begins(APPEND, tag="tag-a", target="page", parent="page", count=2)
    story.commits_(appending, "one two below")
    story.ends(appending, Outcome.SUCCESS, ("one", "tag-a 0"), ("two", "tag-a 1"))
    change = story.renaming()
    story.commits_(change)
    story.ends(change, Outcome.SUCCESS, ("page", change.tag))
    listing = story.begins(endpoints.BLOCKS_LIST_CHILDREN, parent="page")
    story.ends(listing, Outcome.SUCCESS, ("one", ""), ("two", ""))
    reading = story.begins(endpoints.PAGES_RETRIEVE, target="page")
    story.ends(reading, Outcome.SUCCESS, ("page", change.tag))
    refused = story.renaming()
    story.ends(refused, Outcome.REFUSED)

    assert story.wrong() == []


# ------------------------------------------------------------------------------- making


def test_a_creation_that_was_done_twice(story: Story) -> None:
    creation = story.begins(CREATE, tag="tag-0", parent="home")
    story.commits_(creation, "a")
    story.commits_(creation, "b")
    story.ends(creation, Outcome.SUCCESS, ("b", "tag-0"))

    assert "carried out 2 times" in story.wrong()[0]


def test_a_creation_in_doubt_that_was_done_twice(story: Story) -> None:
    creation = story.begins(CREATE, tag="tag-0", parent="home")
    story.commits_(creation, "a")
    story.ends(creation, Outcome.UNKNOWN)
    assert story.wrong() == []

    story.commits_(creation, "b")
    assert "carried out 2 times" in story.wrong()[0]


def test_a_creation_that_never_happened(story: Story) -> None:
    creation = story.begins(CREATE, tag="tag-0", parent="home")
    story.ends(creation, Outcome.SUCCESS, ("a", "tag-0"))

    assert "carried out 0 times" in story.wrong()[0]


def test_a_success_before_it_happened(story: Story) -> None:
    creation = story.begins(CREATE, tag="tag-0", parent="home")
    story.ends(creation, Outcome.SUCCESS, ("a", "tag-0"))
    story.commits_(creation, "a")

    assert "before it was carried out" in story.wrong()[0]


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.NOT_SENT])
def test_what_is_said_not_to_have_happened_but_has(story: Story, outcome: Outcome) -> None:
    creation = story.begins(CREATE, tag="tag-0", parent="home")
    story.commits_(creation, "a")
    story.ends(creation, outcome)

    assert f"{outcome.value}, but carried out" in story.wrong()[0]


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (("other", "tag-0"), "returned other objects"),
        (("a", "tag-9"), "returned another content"),
    ],
)
def test_a_creation_that_returns_something_else(
    story: Story, found: tuple[str, str], message: str
) -> None:
    creation = story.begins(CREATE, tag="tag-0", parent="home")
    story.commits_(creation, "a")
    story.ends(creation, Outcome.SUCCESS, found)

    assert message in story.wrong()[0]


def test_the_answer_to_another_request(story: Story) -> None:
    creation = story.created()
    creation.request_id = "request of 7"
    assert "another request" in story.wrong()[0]

    creation.recovered = True
    assert story.wrong() == []


def test_blocks_in_another_order(story: Story) -> None:
    appending = story.begins(APPEND, tag="tag-a", target="p", parent="p", count=2)
    story.commits_(appending, "one two")
    story.ends(appending, Outcome.SUCCESS, ("two", "tag-a 1"), ("one", "tag-a 0"))

    assert "returned other objects" in story.wrong()[0]


def appending_the_same(story: Story) -> tuple[Operation, Operation]:
    first, second = (story.begins(APPEND, tag="tag-a", target="p", parent="p") for _ in range(2))
    return first, second


def test_of_two_who_append_the_same_each_has_its_own(story: Story) -> None:
    first, second = appending_the_same(story)
    story.commits_(first, "one")
    story.commits_(second, "two")
    story.ends(second, Outcome.UNKNOWN)
    story.ends(first, Outcome.SUCCESS, ("two", "tag-a 0"))
    first.recovered = True
    assert story.wrong() == []

    story.ends(second, Outcome.SUCCESS, ("two", "tag-a 0"))
    assert any("carried out 0 times" in one for one in story.wrong())


def test_two_who_append_the_same_do_it_twice_at_most(story: Story) -> None:
    first, second = appending_the_same(story)
    for made in ("one", "two", "three"):
        story.commits_(first, made)
    for operation in (first, second):
        story.ends(operation, Outcome.UNKNOWN)

    assert any("carried out 2 times" in one for one in story.wrong())


def test_what_nobody_asked_for(story: Story) -> None:
    creation = story.begins(CREATE, tag="tag-0", parent="home")
    story.ends(creation, Outcome.REFUSED)
    story.commits_(attrs.evolve(creation, tag="tag-9"), "a")
    assert any("nobody asked for" in one for one in story.wrong())

    early = Story()
    early.commits_(attrs.evolve(creation, number=0), "a")
    early.ends(early.begins(CREATE, tag="tag-0", parent="home"), Outcome.UNKNOWN)
    assert any("nobody asked for" in one for one in early.wrong())


@pytest.mark.parametrize("outcome", [Outcome.RUNNING, Outcome.FOREIGN])
def test_an_operation_without_a_proper_end(story: Story, outcome: Outcome) -> None:
    story.ends(story.begins(CREATE, tag="tag-0", parent="home"), outcome)

    assert len(story.wrong()) == 1


# ------------------------------------------------------------------------------- changing


def test_a_change_that_never_happened(story: Story) -> None:
    story.created()
    change = story.renaming()
    story.ends(change, Outcome.SUCCESS, ("page", change.tag))

    assert "not carried out" in story.wrong()[0]


def test_a_change_that_came_only_after_the_success(story: Story) -> None:
    story.created()
    change = story.renaming()
    story.ends(change, Outcome.SUCCESS, ("page", change.tag))
    story.commits_(change)

    assert "not carried out" in story.wrong()[0]


def test_what_was_so_already_needs_no_change(story: Story) -> None:
    story.created()
    restoring = story.trashing(False)
    story.ends(restoring, Outcome.SUCCESS, ("page", ""))
    assert story.wrong() == []

    trash = story.trashing(True)
    story.ends(trash, Outcome.SUCCESS, ("page", ""))
    assert "not carried out" in story.wrong()[0]


@pytest.mark.parametrize(
    ("found", "message"), [(("b", "tag-1"), "another object"), (("page", "x"), "another content")]
)
def test_a_change_that_returns_something_else(
    story: Story, found: tuple[str, str], message: str
) -> None:
    story.created()
    change = story.renaming()
    story.commits_(change)
    story.ends(change, Outcome.SUCCESS, found)

    assert message in story.wrong()[0]


def test_a_change_may_be_repeated(story: Story) -> None:
    story.created()
    change = story.renaming()
    story.commits_(change)
    story.commits_(change)
    story.ends(change, Outcome.SUCCESS, ("page", change.tag))

    assert story.wrong() == []


def test_a_change_is_not_repeated_with_other_values(story: Story) -> None:
    story.created()
    change = story.renaming()
    story.commits_(change)
    story.commits_(change, body=[change.tag, "more"])
    story.ends(change, Outcome.SUCCESS, ("page", change.tag))

    assert "other values" in story.wrong()[0]


@pytest.mark.parametrize("outcome", [Outcome.SUCCESS, Outcome.UNKNOWN])
def test_a_change_is_not_repeated_over_another(story: Story, outcome: Outcome) -> None:
    story.created()
    first, second = story.renaming(), story.renaming()
    story.commits_(first)
    story.commits_(second)
    story.commits_(first)
    story.ends(second, Outcome.SUCCESS, ("page", second.tag))
    story.ends(first, outcome, *[("page", first.tag)] * (outcome is Outcome.SUCCESS))

    assert "repeated over what another one had set" in story.wrong()[0]


def test_what_was_given_up_may_come_between_two_repeats(story: Story) -> None:
    story.created()
    lost = story.renaming()
    story.ends(lost, Outcome.UNKNOWN)
    change = story.renaming()
    story.commits_(change)
    story.commits_(lost)
    story.commits_(change)
    story.ends(change, Outcome.SUCCESS, ("page", change.tag))

    assert story.wrong() == []


def test_a_late_change_belongs_to_the_one_in_doubt(story: Story) -> None:
    story.created()
    lost = story.trashing()
    story.ends(lost, Outcome.UNKNOWN)
    refused = story.trashing()
    story.commits_(lost, body=trashed(True))
    story.ends(refused, Outcome.REFUSED)
    assert story.wrong() == []

    lost.outcome = Outcome.REFUSED
    assert "refused, but carried out" in story.wrong()[0]


def test_trash_and_restore_are_told_apart(story: Story) -> None:
    story.created()
    trash = story.trashing(True)
    story.commits_(trash, body=trashed(True))
    story.ends(trash, Outcome.SUCCESS, ("page", ""))
    restore = story.trashing(False)
    story.ends(restore, Outcome.REFUSED)
    story.commits_(attrs.evolve(restore), body=trashed(False))

    assert "refused, but carried out" in story.wrong()[0]


def test_moves_are_told_apart_by_where_they_go(story: Story) -> None:
    story.created()
    move = story.begins(endpoints.PAGES_MOVE, target="page", field=PARENT, value="away")
    story.commits_(move, body={"parent": {"page_id": "away"}})
    story.ends(move, Outcome.SUCCESS, ("page", ""))
    assert story.wrong() == []

    story.commits_(move, body={"parent": {"page_id": "elsewhere"}})
    assert any("nobody asked for" in one for one in story.wrong())


def test_a_deleted_comment_may_be_gone(story: Story) -> None:
    creation = story.begins(endpoints.COMMENTS_CREATE, tag="tag-0", parent="comments on x")
    story.commits_(creation, "c")
    story.ends(creation, Outcome.SUCCESS, ("c", "tag-0"))
    deletion = story.begins(endpoints.COMMENTS_DELETE, target="c", field=TRASHED, value=True)
    story.commits_(deletion, body={})
    story.ends(deletion, Outcome.SUCCESS, ("c", ""))
    del story.state["c"]

    assert story.wrong() == []


# ------------------------------------------------------------------------------- reading


def test_a_read_of_what_was_never_there(story: Story) -> None:
    story.created()
    reading = story.begins(endpoints.PAGES_RETRIEVE, target="page")
    story.ends(reading, Outcome.SUCCESS, ("page", "tag-9"))

    assert "read what was not there" in story.wrong()[0]


def test_a_read_of_what_is_no_more(story: Story) -> None:
    first = story.created()
    change = story.renaming()
    story.commits_(change)
    story.ends(change, Outcome.SUCCESS, ("page", change.tag))
    reading = story.begins(endpoints.PAGES_RETRIEVE, target="page")
    story.ends(reading, Outcome.SUCCESS, ("page", first.tag))

    assert "read what was not there" in story.wrong()[0]


def test_a_list_lacks_something(story: Story) -> None:
    story.created("a")
    listing = story.begins(endpoints.BLOCKS_LIST_CHILDREN, parent="home")
    story.ends(listing, Outcome.SUCCESS)

    assert "the list lacks {'a'}" in story.wrong()[0]


def test_a_list_may_lack_what_comes_meanwhile_and_what_is_in_the_trash(story: Story) -> None:
    story.created("a")
    story.created("inside", parent="a")
    trash = story.trashing(target="a")
    story.commits_(trash, body=trashed(True))
    story.ends(trash, Outcome.SUCCESS, ("a", ""))
    listing = story.begins(endpoints.BLOCKS_LIST_CHILDREN, parent="home")
    below = story.begins(endpoints.BLOCKS_LIST_CHILDREN, parent="a")
    story.created("b")
    story.ends(listing, Outcome.SUCCESS)
    story.ends(below, Outcome.SUCCESS)

    assert story.wrong() == []


def test_a_list_may_lack_something_while_another_leaves_it(story: Story) -> None:
    story.created("a")
    story.created("b")
    listing = story.begins(endpoints.BLOCKS_LIST_CHILDREN, parent="home")
    trash = story.trashing(target="a")
    story.commits_(trash, body=trashed(True))
    story.ends(trash, Outcome.SUCCESS, ("a", ""))
    story.ends(listing, Outcome.SUCCESS)

    assert story.wrong() == []


def test_a_list_has_what_is_not_in_it(story: Story) -> None:
    story.created("a", parent="elsewhere")
    listing = story.begins(endpoints.BLOCKS_LIST_CHILDREN, parent="home")
    story.ends(listing, Outcome.SUCCESS, ("a", ""))

    assert "has what was not there" in story.wrong()[0]


def test_a_list_has_something_twice(story: Story) -> None:
    story.created("a")
    listing = story.begins(endpoints.BLOCKS_LIST_CHILDREN, parent="home")
    story.ends(listing, Outcome.SUCCESS, ("a", ""), ("a", ""))

    assert "twice" in story.wrong()[0]


# ------------------------------------------------------------------------------- the end


def test_what_was_made_is_not_there_in_the_end(story: Story) -> None:
    story.created("a")
    story.state.clear()

    assert story.wrong()[0] == "a is lost: it is not there in the end"


def test_the_last_change_wins(story: Story) -> None:
    creation = story.created()
    change = story.renaming()
    story.commits_(change)
    story.ends(change, Outcome.SUCCESS, ("page", change.tag))
    story.state["page"][TEXT] = creation.tag

    assert "text of page is 'tag-0' in the end, not 'tag-1'" in story.wrong()[0]


def test_what_nobody_made_is_there(story: Story) -> None:
    story.state["ghost"] = {}

    assert "nobody has made it" in story.wrong()[0]


# ------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("error", "when_made", "when_deleted"),
    [
        (WriteOutcomeUnknown("?"), Outcome.UNKNOWN, Outcome.UNKNOWN),
        (ConfigurationError("no"), Outcome.NOT_SENT, Outcome.NOT_SENT),
        (CircuitOpenError("no", retry_after=1.0), Outcome.NOT_SENT, Outcome.NOT_SENT),
        (ConnectError("no"), Outcome.NOT_SENT, Outcome.NOT_SENT),
        (DeadlineExceededError("late", sent=False), Outcome.NOT_SENT, Outcome.NOT_SENT),
        (DeadlineExceededError("late", sent=True), Outcome.REFUSED, Outcome.UNKNOWN),
        (ConnectionLostError("lost", sent=True), Outcome.REFUSED, Outcome.UNKNOWN),
        (ServerError("no", status=500), Outcome.REFUSED, Outcome.UNKNOWN),
        (InvalidResponseError("no", status=200), Outcome.REFUSED, Outcome.UNKNOWN),
        (InvalidResponseError("no", status=404), Outcome.REFUSED, Outcome.REFUSED),
        (UnexpectedRedirectError("no", status=302), Outcome.REFUSED, Outcome.REFUSED),
        (ValidationError("no", status=400), Outcome.REFUSED, Outcome.REFUSED),
        (TimeoutError(), Outcome.FOREIGN, Outcome.FOREIGN),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_an_error_says(error: Exception, when_made: Outcome, when_deleted: Outcome) -> None:
    assert outcome_of(error, Replay.CREATE) is when_made
    assert outcome_of(error, Replay.SET) is when_made
    assert outcome_of(error, Replay.DELETE) is when_deleted


def test_an_operation_shows_what_it_was_and_how_it_ended(story: Story) -> None:
    error = WriteOutcomeUnknown("who knows")
    error.__cause__ = ServerError("no", status=502)
    operation = attrs.evolve(story.created(), outcome=Outcome.UNKNOWN, error=error, recovered=True)

    shown = str(operation)

    for part in ("pages.create", "tag-0", "[0, 1)", "unknown (recovered)", "who knows", "502"):
        assert part in shown
