"""What there is to be found: the measure for an export, a walk or a scan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from notion_async.testing.store import Store


@attrs.frozen
class Truth:
    """The ids of everything alive: not in the trash, nor below something that is.

    Attributes:
        pages: Pages that are not rows of a data source.
        rows: Pages whose parent is a data source, by that data source, each in its order.
        blocks: All blocks below pages and rows, `child_page` and `child_database` among them.
        databases: Databases.
        data_sources: Data sources.
        comments: Comments on a page that is no row.
        comments_on_rows: Comments on a row.
        comments_on_blocks: Comments on a block within one.
        users: People and bots, the token's own bot included.
    """

    pages: frozenset[str]
    rows: Mapping[str, tuple[str, ...]]
    blocks: frozenset[str]
    databases: frozenset[str]
    data_sources: frozenset[str]
    comments: frozenset[str]
    comments_on_rows: frozenset[str]
    comments_on_blocks: frozenset[str]
    users: frozenset[str]

    @property
    def counts(self) -> dict[str, int]:
        """How many of each; comments are those on pages, as an export has them by default."""
        return {
            "pages": len(self.pages),
            "rows": sum(len(rows) for rows in self.rows.values()),
            "blocks": len(self.blocks),
            "databases": len(self.databases),
            "data_sources": len(self.data_sources),
            "comments": len(self.comments),
            "users": len(self.users),
        }


def truth_of(store: Store) -> Truth:
    """Take stock."""
    known: dict[str, bool] = {}

    def alive(kind: str) -> Iterator[str]:
        return (identity for identity in store.tables[kind] if store.alive(identity, known))

    pages: set[str] = set()
    rows: dict[str, list[str]] = {source: [] for source in alive("data_source")}
    for identity in alive("page"):
        page = store.tables["page"][identity]
        if page.parent_type == "data_source_id":
            rows.setdefault(page.parent, []).append(identity)
        else:
            pages.add(identity)
    comments: dict[str, set[str]] = {"page": set(), "row": set(), "block": set()}
    for comment in store.tables["comment"].values():
        if store.alive(comment.parent, known):
            on_block = comment.parent_type == "block_id"
            where = "block" if on_block else "page" if comment.parent in pages else "row"
            comments[where].add(comment.id)
    return Truth(
        pages=frozenset(pages),
        rows={source: tuple(identities) for source, identities in rows.items()},
        blocks=frozenset(identity for identity in store.listed() if store.alive(identity, known)),
        databases=frozenset(alive("database")),
        data_sources=frozenset(alive("data_source")),
        comments=frozenset(comments["page"]),
        comments_on_rows=frozenset(comments["row"]),
        comments_on_blocks=frozenset(comments["block"]),
        users=frozenset(user.id for user in store.users()),
    )
