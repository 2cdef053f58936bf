"""The state of the emulated workspace: objects by kind, and the order in which parents list them.

A page and the `child_page` block that stands for it share one id, as do a database and its
`child_database` block.  Where only one of the two was loaded, the other is made up.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar, cast

from notion_async.testing.checks import Decoded, RefusalError
from notion_async.testing.connections import Connection, SharedTable
from notion_async.testing.records import KINDS, Record, floored, record_of, timestamp
from notion_async.types import JSON

T = TypeVar("T")

_NODES = ("block", "page", "database", "data_source")
_TOP = ("page", "database")
_SEEN_BY_ALL = ("user", "custom_emoji")


def wall_clock() -> datetime:
    """Return the time of day."""
    return datetime.now(UTC)


class Store:
    """Everything in the workspace, of which readers find what the caller sees.

    Args:
        wall: The time that changes are stamped with.
        seed: What ids are made from: the same seed, the same ids.

    Attributes:
        caller: Whose request is being answered; None for nobody's, and for somebody who sees
            everything and acts as the bot of the workspace.
    """

    def __init__(self, *, wall: Callable[[], datetime] = wall_clock, seed: int = 0) -> None:
        self.wall = wall
        self.caller: Connection | None = None
        self._tables: dict[str, dict[str, Record]] = {kind: {} for kind in KINDS}
        self._bots: dict[str, Record] = {}
        self.generation = 0
        """Grows with each change: what was derived from the state is as old as this."""
        self._written: dict[str, bool] | None = None
        self._parts: dict[type[object], object] = {}
        self._children: dict[str, list[str]] = {}
        self._rows: dict[str, list[str]] = {}
        self._comments: dict[str, list[str]] = {}
        self._random = random.Random(seed)  # noqa: S311 - ids are to be repeatable
        owner: Decoded = {"type": "workspace", "workspace": True}
        self._default_bot = record_of(self._bot("Emulator", owner, None))

    def part(self, kind: type[T]) -> T:
        """Return the one object of a class that keeps what no table does; made on first use."""
        found = self._parts.get(kind)
        if found is None:
            found = self._parts[kind] = kind()
        return cast("T", found)

    # Reading

    @property
    def tables(self) -> dict[str, dict[str, Record]]:
        """The objects by kind and id, trashed or not."""
        if self.caller is None or self.caller.shared is None:
            return self._tables
        # To those who use them, tables of which a part is hidden are tables.
        return cast(
            "dict[str, dict[str, Record]]",
            {kind: SharedTable(table, self._sees) for kind, table in self._tables.items()},
        )

    def get(self, kind: str, identity: str) -> Record | None:
        """Return the object of this kind and id, trashed or not."""
        record = self._tables[kind].get(identity)
        if record is None:
            return self._bots.get(identity) if kind == "user" else None
        return record if self._sees(record) else None

    def find(self, kind: str, identity: str) -> Record:
        """Return the object of this kind and id, trashed or not.

        Raises:
            RefusalError: There is none.
        """
        record = self.block(identity) if kind == "block" else self.get(kind, identity)
        if record is None:
            raise self.missing(kind, identity)
        return record

    def missing(self, kind: str, identity: str) -> RefusalError:
        """Return Notion's error for what does not exist or is not shared."""
        return RefusalError(
            404,
            "object_not_found",
            f"Could not find {kind} with ID: {identity}. Make sure the relevant pages and "
            f'databases are shared with your integration "{self.bot_name}".',
            additional_data={"integration_id": self.bot.id},
        )

    def block(self, identity: str) -> Record | None:
        """Return a block, if need be the one that stands for a page or database of that id."""
        found = self.get("block", identity)
        if found is not None:
            return found
        page = self.get("page", identity)
        stands_for = page or self.get("database", identity)
        return None if stands_for is None else self._stand_in(stands_for)

    def children(self, parent: str) -> list[Record]:
        """Return the blocks below a page or block in their order, those in the trash left out."""
        found = (self.block(identity) for identity in self._children.get(parent, ()))
        return [block for block in found if block is not None and not self._in_trash(block.id)]

    def is_shared(self, identity: str) -> bool:
        """Tell whether the caller was given this page, database or block, or one above it."""
        shared = None if self.caller is None else self.caller.shared
        return shared is None or shared.holds(identity, self._above, self.generation)

    def child_ids(self, parent: str) -> list[str]:
        """Return the ids of everything listed below a page or block, trashed or not."""
        return self._children.setdefault(parent, [])

    def listed(self) -> Iterator[str]:
        """Yield the id of every block that stands below a page or block."""
        for identities in self._children.values():
            yield from identities

    def knows_children_of(self, parent: str) -> bool:
        """Tell whether anything was loaded that names this parent."""
        return bool(self._children.get(parent)) and self.is_shared(parent)

    def rows(self, data_source: str) -> list[Record]:
        """Return the rows of a data source in their order, trashed or not."""
        if not self.is_shared(data_source):
            return []
        pages = self._tables["page"]
        return [pages[identity] for identity in self._rows.get(data_source, ())]

    def comments(self, parent: str) -> list[Record]:
        """Return the comments on one page or block."""
        if not self.is_shared(parent):
            return []
        comments = self._tables["comment"]
        return [comments[identity] for identity in self._comments.get(parent, ())]

    def users(self) -> list[Record]:
        """Return the people and bots.  There is always the bot of the workspace."""
        users = list(self._tables["user"].values())
        bot = self._workspace_bot()
        return [*users, *(() if bot in users else (bot,)), *self._bots.values()]

    @property
    def bot(self) -> Record:
        """The bot that acts for the caller."""
        caller = self.caller
        return (caller and caller.bot) or self._workspace_bot()

    def add_bot(self, name: str, owner: Decoded) -> Record:
        """Return a further bot of the workspace; `owner` is as a bot says it."""
        bots = (self._default_bot, self._workspace_bot())
        about = {name: value for bot in bots for name, value in bot.decoded()["bot"].items()}
        record = record_of(self._bot(name, owner, about))
        self._bots[record.id] = record
        return record

    @property
    def bot_name(self) -> str:
        """What the bot is called."""
        return str(self.bot.decoded().get("name") or "")

    def alive(self, identity: str, known: dict[str, bool] | None = None) -> bool:
        """Tell whether neither the object nor anything above it is in the trash.

        Args:
            identity: The object.
            known: Answers found earlier, and those found now: pass one through many calls.
        """
        known = {} if known is None else known
        path: list[str] = []
        answer = True
        while identity:
            if identity in known:
                answer = known[identity]
                break
            path.append(identity)
            # Until it is known better: recordings may hold a parent that is its own descendant.
            known[identity] = True
            if self._in_trash(identity):
                answer = False
                break
            identity = self._above(identity)
        for passed in path:
            known[passed] = answer
        return answer

    def path(self, identity: str) -> Sequence[str]:
        """Return the ids from an object upward, its own first."""
        found: list[str] = []
        while identity and identity not in found:
            found.append(identity)
            identity = self._above(identity)
        return found

    # Writing

    def load(self, source: Mapping[str, JSON]) -> Record:
        """Keep an object as it is, in place of one of the same kind and id."""
        record = record_of(source)
        previous = self._tables[record.kind].get(record.id)
        self._note(record.id)
        if previous is not None and previous.parent != record.parent:
            self._unlist(previous)
            previous = None
        self._tables[record.kind][record.id] = record
        if previous is None:
            self._list(record)
            self._keep_shared(record)
        self.generation += 1
        return record

    def add(self, source: Mapping[str, JSON], *, at: int | None = None) -> Record:
        """Keep a new object; `at` is its place among its siblings, else it comes last."""
        record = self.load(source)
        siblings = self._children.get(record.parent)
        if at is not None and siblings is not None:
            siblings.insert(at, siblings.pop())
        return record

    def change(self, record: Record, **fields: JSON) -> Record:
        """Replace fields of a stored object."""
        return self.load({**record.decoded(), **fields})

    def remove(self, record: Record) -> None:
        """Forget an object."""
        self._note(record.id)
        del self._tables[record.kind][record.id]
        self._unlist(record)
        self.generation += 1

    def begin(self) -> None:
        """Take note of what is written from now on."""
        self._written = {}

    def end(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the ids of what was made, and of what was changed, since `begin`; in order."""
        written, self._written = self._written or {}, None
        made = tuple(identity for identity, new in written.items() if new)
        return made, tuple(identity for identity, new in written.items() if not new)

    def _note(self, identity: str) -> None:
        if self._written is not None and identity not in self._written:
            # A page and the block that stands for it are one object.
            tables = self._tables.values()
            self._written[identity] = not any(identity in table for table in tables)

    def set_trashed(self, identity: str, trashed: bool) -> None:
        """Move a page, block or database to the trash or back, with the block it shares its id."""
        for kind in _NODES:
            record = self._tables[kind].get(identity)
            if record is not None and record.trashed != trashed:
                older: dict[str, JSON] = {"archived": trashed} if record.keeps_archived else {}
                self.change(record, in_trash=trashed, **older, **self._stamp_of(kind))
        self.refresh_has_children(self._above(identity))

    def refresh_has_children(self, identity: str) -> None:
        """Let a block say again whether there is something below it."""
        block = self._tables["block"].get(identity)
        if block is None:
            return
        has_children = self._has_children(identity)
        if block.decoded().get("has_children") is not has_children:
            self.change(block, has_children=has_children)

    def touch(self, identity: str) -> None:
        """Note that the page which holds this block was edited now."""
        seen: set[str] = set()
        while identity and identity not in seen:
            seen.add(identity)
            page = self._tables["page"].get(identity)
            if page is not None:
                self.change(page, **self.stamp())
                return
            identity = self._above(identity)

    def stamp(self) -> dict[str, JSON]:
        """Return the fields that say when, and by whom, something was edited: here and now."""
        return {"last_edited_time": self.minute(), "last_edited_by": self.author()}

    def _stamp_of(self, kind: str) -> dict[str, JSON]:
        """Return what `stamp` does, as objects of this kind have it."""
        if kind != "database":
            return self.stamp()
        # It tells milliseconds, and does not say who.
        now = self.wall().astimezone(UTC)
        return {"last_edited_time": now.isoformat(timespec="milliseconds")}

    def author(self) -> dict[str, JSON]:
        """Return the bot, as objects name their author."""
        return {"object": "user", "id": self.bot.id}

    def minute(self) -> str:
        """Return the time as objects carry it: Notion keeps minutes."""
        return timestamp(self.wall().replace(second=0, microsecond=0))

    def new_id(self) -> str:
        """Return an id that was not given before, the same ones in each run."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    # Places

    def _list(self, record: Record) -> None:
        if not record.parent:
            return
        if record.kind == "comment":
            self._comments.setdefault(record.parent, []).append(record.id)
        elif record.kind == "page" and record.parent_type == "data_source_id":
            self._rows.setdefault(record.parent, []).append(record.id)
        elif record.parent_type in ("page_id", "block_id") and not self._twin_listed(record):
            self._children.setdefault(record.parent, []).append(record.id)

    def _unlist(self, record: Record) -> None:
        for index in (self._children, self._rows, self._comments):
            siblings = index.get(record.parent, [])
            if record.id in siblings:
                siblings.remove(record.id)

    def _twin_listed(self, record: Record) -> bool:
        twins = (self._tables[kind].get(record.id) for kind in _NODES if kind != record.kind)
        return any(twin is not None and twin.parent == record.parent for twin in twins)

    def _above(self, identity: str) -> str:
        for kind in ("page", "block", "database", "data_source"):
            record = self._tables[kind].get(identity)
            if record is not None and record.parent:
                return record.parent
        return ""

    def _in_trash(self, identity: str) -> bool:
        records = (self._tables[kind].get(identity) for kind in _NODES)
        return any(record is not None and record.trashed for record in records)

    def _has_children(self, identity: str) -> bool:
        return any(not self._in_trash(child) for child in self._children.get(identity, ()))

    # Who sees what

    @contextmanager
    def acting_for(self, caller: Connection | None) -> Iterator[None]:
        """Let what happens inside happen for this caller: work that was put off, for example."""
        before, self.caller = self.caller, caller
        try:
            yield
        finally:
            self.caller = before

    def _sees(self, record: Record) -> bool:
        caller = self.caller
        if caller is None or caller.shared is None or record.kind in _SEEN_BY_ALL:
            return True
        if record.kind == "file_upload":
            # Assumed: nobody but the connection that made it can use it.
            author = record.decoded().get("created_by") or {}
            return bool(author.get("id") == self.bot.id)
        return self.is_shared(record.id if record.kind in _NODES else record.parent)

    def _keep_shared(self, record: Record) -> None:
        """Let a caller who does not see everything see what it puts on top of the workspace."""
        shared = None if self.caller is None else self.caller.shared
        is_top = record.kind in _TOP and record.parent_type == "workspace"
        if shared is not None and is_top:
            shared.add(record.id)

    def _workspace_bot(self) -> Record:
        """Return the first bot that was loaded, or one made up."""
        users = self._tables["user"].values()
        return next((user for user in users if user.type == "bot"), self._default_bot)

    # What is made up

    def _stand_in(self, record: Record) -> Record:
        """Return the block that Notion shows in the place of a page or database."""
        data = record.decoded()
        block_type = f"child_{record.kind}"
        is_page = record.kind == "page"
        return record_of(
            {
                "object": "block",
                "id": record.id,
                "parent": data.get("parent"),
                "created_time": data.get("created_time") if is_page else floored(record.created),
                "last_edited_time": (
                    data.get("last_edited_time") if is_page else floored(record.edited)
                ),
                "created_by": data.get("created_by") or self.author(),
                "last_edited_by": data.get("last_edited_by") or self.author(),
                "has_children": is_page and self._has_children(record.id),
                "in_trash": record.trashed,
                "type": block_type,
                block_type: {"title": record.title},
            }
        )

    def _bot(self, name: str, owner: Decoded, about: Decoded | None) -> Decoded:
        identity = self.new_id()
        workspace = about or {
            "workspace_name": "Emulated workspace",
            "workspace_id": self.new_id(),
            "workspace_limits": {"max_file_upload_size_in_bytes": 5242880},
        }
        return {
            "object": "user",
            "id": identity,
            "name": name,
            "avatar_url": None,
            "type": "bot",
            "bot": {**workspace, "owner": owner},
        }
