"""Every code that the program can raise, found by looking at the program: errors, row checks, expectations, findings.

A finding's code stands in its call as a text, or comes to it through a function or a class of the module that builds
findings. What is neither a text nor such a way is an expression, and each of those must be known here with what it
can be: a new one fails the tests until somebody says so.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from support.requires import ROOT

from publish.drift.page_structure import CODES
from publish.gate.verdict import GateLimits, _expected
from schemas.codelists import ContractChange, IndexNote, Severity
from schemas.errors import GongbaoError
from schemas.tables.columns import TABLES
from schemas.tables.pandera_models import checks_of
from schemas.tables.reading_checks import row_checks

ROOMS = ("raw", "publish", "flows", "schemas", "infra")
ROWS = tuple(f"{table}_{code}" for table in TABLES for code in checks_of(table))
BELIEVED = tuple(
    f"{table}_{check.code}" for table in TABLES for check in row_checks(table) if check.severity is Severity.WARN
)
EXPECTED = tuple(one.code for one in _expected(1, GateLimits()))
EXPRESSIONS = {
    "publish/gate/contract.py f'contract_{kind}'": tuple(
        f"contract_{kind.value}" for kind in ContractChange if kind is not ContractChange.SAME
    ),
    "publish/drift/page_structure.py CODES[facet]": tuple(CODES.values()),
    "publish/gate/verdict.py expected.code": EXPECTED,
    "raw/page/publisher_check.py number.note": tuple(f"index_number_{note.value}" for note in IndexNote),
    "schemas/tables/pandera_models.py f'{table}_form'": ROWS,
    "schemas/tables/pandera_models.py f'{table}_{code}'": ROWS,
}
"""What an expression can be, by the file and the expression."""

_PASSED_ON = {"publish/alerts/grouping.py error.code"}
"""An error that an alert takes for a finding: its codes are those of the tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One Python file: where it stands, what is in it."""

    path: str
    source: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return len(self.source.splitlines())


def modules(root: Path, *folders: str) -> tuple[Module, ...]:
    files = sorted(file for folder in folders for file in (root / folder).rglob("*.py"))
    return tuple(
        Module(
            path=str(file.relative_to(root)), source=file.read_text("utf-8"), tree=ast.parse(file.read_text("utf-8"))
        )
        for file in files
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """What makes findings of a code that it is given: its name, the place of the code among its arguments, the words
    before it.
    """

    name: str
    place: int
    prefix: str = ""


def errors(kind: type[GongbaoError] = GongbaoError) -> Iterator[str]:
    yield kind.code
    for below in kind.__subclasses__():
        if below.__module__.split(".")[0] in ROOMS:
            yield from errors(below)


def findings() -> dict[str, tuple[str, ...]]:
    """Each place that names a code of a finding, with what the code can be; nothing for an expression nobody knows."""
    found: dict[str, tuple[str, ...]] = {}
    every = [
        module for module in modules(ROOT, *ROOMS) if "schemas.finding" in module.source or "faults" in module.source
    ]
    shared = [(module, maker) for module in every for maker in _makers(module)]
    for module in every:
        for maker, argument in _given(module, shared):
            for code in _texts(module, argument):
                place = f"{module.path} {ast.unparse(code)}"
                text = isinstance(code, ast.Constant) and isinstance(code.value, str) and code.value
                known = (maker.prefix + text,) if text else EXPRESSIONS.get(place, ())
                if place not in _PASSED_ON:
                    found[f"{place} ({maker.name})"] = known
    return found


def every_code() -> frozenset[str]:
    return frozenset(chain(errors(), ROWS, EXPECTED, *findings().values()))


def _given(module: Module, shared: list[tuple[Module, Maker]]) -> Iterator[tuple[Maker, ast.expr]]:
    """Each code that a call in the module gives to what makes findings of it, unless that is handed on in its turn."""
    here = [maker for other, maker in shared if other is module or _imports(module, other, maker.name)]
    makers = {maker.name: maker for maker in (Maker(name="Finding", place=-1), *here)}
    for call in _calls(module.tree):
        maker = makers.get(_name(call))
        argument = _argument(call, maker) if maker else None
        if maker and argument is not None and not _handed_on(module, call, argument):
            yield maker, argument


def _imports(module: Module, other: Module, name: str) -> bool:
    source = other.path.removesuffix(".py").replace("/", ".")
    lines = (node for node in ast.walk(module.tree) if isinstance(node, ast.ImportFrom) and node.module == source)
    return any(one.name == name for line in lines for one in line.names)


def _makers(module: Module) -> Iterator[Maker]:
    """The functions of a module that hand on a parameter `code`, and the classes with such a field that find."""
    for function in ast.walk(module.tree):
        if isinstance(function, ast.FunctionDef):
            names = [one.arg for one in function.args.args]
            for call in _calls(function):
                handed = _argument(call, Maker(name="Finding", place=-1)) if _name(call) == "Finding" else None
                if handed is not None and "code" in names and _handed_on(module, call, handed):
                    yield Maker(name=function.name, place=names.index("code"), prefix=_prefix(handed))
    for kind in ast.walk(module.tree):
        if isinstance(kind, ast.ClassDef) and "Finding(code=self.code" in ast.unparse(kind).replace("\n", ""):
            yield Maker(name=kind.name, place=-1)


def _handed_on(module: Module, call: ast.Call, argument: ast.expr) -> bool:
    """Whether the code is a parameter of the function around the call, bare or after fixed words, or a field."""
    if ast.unparse(argument) == "self.code":
        return True
    functions = (one for one in ast.walk(module.tree) if isinstance(one, ast.FunctionDef))
    around = [one for one in functions if one.lineno <= call.lineno <= (one.end_lineno or 0)]
    parameters = {one.arg for function in around for one in function.args.args}
    names = {one.id for one in ast.walk(argument) if isinstance(one, ast.Name)}
    fixed = isinstance(argument, ast.Name) or bool(_prefix(argument))
    return fixed and names == {"code"} and "code" in parameters


def _prefix(argument: ast.expr) -> str:
    if isinstance(argument, ast.JoinedStr) and isinstance(argument.values[0], ast.Constant):
        return str(argument.values[0].value)
    return ""


def _texts(module: Module, argument: ast.expr) -> Iterator[ast.expr]:
    """The expressions that a code can be: both of a choice, and what a name of the module stands for."""
    if isinstance(argument, ast.IfExp):
        yield from _texts(module, argument.body)
        yield from _texts(module, argument.orelse)
        return
    lines = (node for node in module.tree.body if isinstance(node, ast.Assign) and len(node.targets) == 1)
    named = {ast.unparse(line.targets[0]): line.value for line in lines if isinstance(line.value, ast.Constant)}
    yield named.get(ast.unparse(argument), argument)


def _argument(call: ast.Call, maker: Maker) -> ast.expr | None:
    named = next((word.value for word in call.keywords if word.arg == "code"), None)
    return named or (call.args[maker.place] if 0 <= maker.place < len(call.args) else None)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""
