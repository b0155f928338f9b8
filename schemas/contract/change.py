"""Comparison of two contracts: same, additive or breaking, and why."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from schemas.codelists import ContractChange
from schemas.contract.model import ColumnContract, Contract, TableContract

Columns: TypeAlias = Mapping[str, ColumnContract]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference as a sentence, and the kind of change that it alone would be."""

    kind: ContractChange
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """All differences between two contracts."""

    differences: tuple[Difference, ...]

    @property
    def kind(self) -> ContractChange:
        """The most severe kind among the differences."""
        kinds = {difference.kind for difference in self.differences}
        return next((kind for kind in reversed(ContractChange) if kind in kinds), ContractChange.SAME)

    def words(self, kind: ContractChange) -> tuple[str, ...]:
        """Return the sentences of the differences of one kind."""
        return tuple(difference.words for difference in self.differences if difference.kind is kind)


def compare(old: Contract, new: Contract) -> Change:
    """Return all differences, in the order of tables and code lists."""
    return Change(differences=(*_tables(old, new), *_codelists(old, new)))


def _tables(old: Contract, new: Contract) -> Iterator[Difference]:
    for name in sorted(old.tables.keys() | new.tables.keys()):
        before, after = old.tables.get(name), new.tables.get(name)
        if before is None:
            yield _added(f"table {name} added")
        elif after is None:
            yield _broken(f"table {name} removed")
        else:
            yield from _columns(name, before, after)


def _columns(table: str, old: TableContract, new: TableContract) -> Iterator[Difference]:
    if old.key != new.key:
        yield _broken(f"{table}: key was {', '.join(old.key)}, is {', '.join(new.key)}")
    before, after = ({column.name: column for column in side.columns} for side in (old, new))
    renamed = _renamed(before, after)
    yield from (_broken(f"{table}.{was} is called {name} now") for was, name in renamed.items())
    yield from (_broken(f"{table}.{name} removed") for name in before if name not in after and name not in renamed)
    yield from _moves(table, [name for name in before if name in after], [name for name in after if name in before])
    for name in before:
        if name in after:
            yield from _column(f"{table}.{name}", before[name], after[name])
    yield from _new_columns(table, after, {*before, *renamed.values()})


def _renamed(before: Columns, after: Columns) -> dict[str, str]:
    """Return columns that took the place of another of the same type, as {old name: new name}."""
    pairs = zip(before.values(), after.values(), strict=False)
    return {
        was.name: now.name
        for was, now in pairs
        if was.name not in after and now.name not in before and replace(was, name=now.name) == now
    }


def _moves(table: str, was: list[str], now: list[str]) -> Iterator[Difference]:
    """Yield columns in another order among themselves; inserted ones are reported by `_new_columns`."""
    displaced = [name for name, other in zip(now, was, strict=True) if name != other]
    if displaced:
        yield _broken(f"{table}: columns are in another order: {', '.join(displaced)}")


def _new_columns(table: str, after: Columns, previous: Container[str]) -> Iterator[Difference]:
    last = max((place for place, name in enumerate(after) if name in previous), default=-1)
    for place, name in enumerate(after):
        if name not in previous and place > last:
            yield _added(f"{table}.{name} appended")
        elif name not in previous:
            yield _broken(f"{table}.{name} inserted between existing columns")


def _column(where: str, old: ColumnContract, new: ColumnContract) -> Iterator[Difference]:
    if old.type != new.type:
        yield _broken(f"{where} was {old.type}, is {new.type}")
    if old.nullable != new.nullable:
        yield _broken(f"{where} {'may be empty now' if new.nullable else 'may no longer be empty'}")
    if old.codes != new.codes:
        yield _broken(f"{where} was taken from {old.codes or 'no code list'}, is from {new.codes or 'none'}")


def _codelists(old: Contract, new: Contract) -> Iterator[Difference]:
    for name in sorted(old.codelists.keys() | new.codelists.keys()):
        before, after = (frozenset(side.codelists.get(name, ())) for side in (old, new))
        yield from (_broken(f"code {code} removed from {name}") for code in sorted(before - after))
        yield from (_added(f"code {code} added to {name}") for code in sorted(after - before))


def _added(words: str) -> Difference:
    return Difference(kind=ContractChange.ADDITIVE, words=words)


def _broken(words: str) -> Difference:
    return Difference(kind=ContractChange.BREAKING, words=words)
