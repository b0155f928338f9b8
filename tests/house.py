"""The habits of the house as measures: each takes a parsed module and yields what breaks its rule, and where."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Offence: TypeAlias = tuple[int, str]

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)
FROZEN_CALLS = frozenset((
    "frozenset", "tuple", "str", "int", "float", "range", "slice", "join", "re.compile", "MappingProxyType", "TypeVar",
    "NewType", "Path", "with_name", "Decimal", "date", "timedelta", "ZoneInfo", "IPv4Network", "IPv6Network",
    "logging.getLogger", "click.option", "ParamSpec",
))  # fmt: skip
CLOCKS = frozenset({"datetime.now", "datetime.utcnow", "date.today", "time.time", "uuid.uuid4", "uuid4"})
VAGUE_ERRORS = frozenset({"Exception", "ValueError", "RuntimeError", "KeyError", "LookupError", "IndexError"})
SWITCHED_OFF = re.compile(
    r"#\s*(noqa|type:\s*ignore|pragma)\b(?P<codes>(?::\s*[A-Z]+[0-9]+(?:[ ,]+[A-Z]+[0-9]+)*|\[[\w, -]+\])?)(?P<rest>.*)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One Python file: where it stands, what is in it."""

    path: str
    source: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return len(self.source.splitlines())


Measure: TypeAlias = Callable[[Module], Iterator[Offence]]


def parse(source: str, path: str = "snippet.py") -> Module:
    return Module(path=path, source=source, tree=ast.parse(source, path))


def modules(root: Path, *folders: str) -> tuple[Module, ...]:
    files = sorted(file for folder in folders for file in (root / folder).rglob("*.py"))
    return tuple(parse(file.read_text("utf-8"), str(file.relative_to(root))) for file in files)


def offenders(found: tuple[Module, ...], measure: Measure) -> list[str]:
    return [f"{module.path}:{line} {what}" for module in found for line, what in measure(module)]


def functions(module: Module) -> Iterator[Function]:
    return (node for node in ast.walk(module.tree) if isinstance(node, FUNCTIONS))


def length(function: Function) -> int:
    """Lines from `def` to the end, docstring and all: the whole of what a reader has to take in."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def depth(node: ast.AST) -> int:
    """How deep blocks stand in one another; `elif` stands beside its `if`, a nested function counts for itself."""
    return max((_depth_of_child(node, child) for child in ast.iter_child_nodes(node)), default=0)


def _depth_of_child(parent: ast.AST, child: ast.AST) -> int:
    if isinstance(child, FUNCTIONS):
        return 0
    is_elif = isinstance(parent, ast.If) and isinstance(child, ast.If) and parent.orelse == [child]
    return depth(child) + (isinstance(child, BLOCKS) and not is_elif)


def too_deep(module: Module, most: int = 3) -> Iterator[Offence]:
    for function in functions(module):
        if (deep := depth(function)) > most:
            yield function.lineno, f"{function.name} nests {deep} blocks"


def too_long(module: Module, most: int = 50) -> Iterator[Offence]:
    for function in functions(module):
        if (lines := length(function)) > most:
            yield function.lineno, f"{function.name} has {lines} lines"


def undocumented(module: Module) -> Iterator[Offence]:
    """What is public (and `__init__` and its like) and does not open with one sentence in one line."""
    for node in _public(module.tree):
        name = getattr(node, "name", "the module")
        if fault := _fault(ast.get_docstring(node)):
            yield getattr(node, "lineno", 1), f"{name} {fault}"


def _public(node: ast.Module | ast.ClassDef | Function) -> Iterator[ast.Module | ast.ClassDef | Function]:
    yield node
    inside = [] if isinstance(node, FUNCTIONS) else node.body
    for child in inside:
        if isinstance(child, (ast.ClassDef, *FUNCTIONS)) and (
            not child.name.startswith("_") or child.name.endswith("__")
        ):
            yield from _public(child)


def _fault(docstring: str | None) -> str:
    if not docstring:
        return "has no docstring"
    first, _, rest = docstring.partition("\n")
    if not first.rstrip().endswith((".", "?")):
        return f"does not end its first line with a period: {first!r}"
    if re.search(r"[.!?] +[A-Z]", first) or rest.partition("\n")[0].strip():
        return f"opens with more than one sentence: {first!r}"
    return ""


def loose_dataclasses(module: Module) -> Iterator[Offence]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            for decorator in node.decorator_list:
                missing = {"frozen", "slots", "kw_only"} - _set_true(decorator)
                if _name(decorator) == "dataclass" and missing:
                    yield node.lineno, f"{node.name} lacks {', '.join(sorted(missing))}"


def _set_true(decorator: ast.expr) -> set[str | None]:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return {word.arg for word in keywords if isinstance(word.value, ast.Constant) and word.value.value is True}


def _name(node: ast.expr) -> str:
    """The last part of the name that is called or decorates: `dataclass`, `compile`."""
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _called(node: ast.AST) -> set[str]:
    """How a call may be spelled in the lists above: `re.compile` and `compile`; empty where it is no call."""
    if not isinstance(node, ast.Call):
        return set()
    return {_name(node), ast.unparse(node.func)}


def mutable_state(module: Module, own: frozenset[str] = frozenset()) -> Iterator[Offence]:
    """Names of a module bound to what can change; a call that is not known to be frozen has to say `Final`."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and not _frozen(node, FROZEN_CALLS | own):
            text = ast.unparse(node).splitlines()[0][:80]
            if not text.startswith("__all__ "):
                yield node.lineno, text


def _frozen(node: ast.Assign | ast.AnnAssign, calls: frozenset[str]) -> bool:
    final = isinstance(node, ast.AnnAssign) and "Final" in ast.unparse(node.annotation)
    known = not isinstance(node.value, ast.Call) or bool(_called(node.value) & calls)
    return not isinstance(node.value, MUTABLE) and (final or known)


def frozen_classes(found: tuple[Module, ...]) -> frozenset[str]:
    """The names of the project's own frozen dataclasses: their instances may stand in a module."""
    classes = (node for module in found for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef))
    return frozenset(kind.name for kind in classes for mark in kind.decorator_list if "frozen" in _set_true(mark))


def globals_used(module: Module) -> Iterator[Offence]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Global):
            yield node.lineno, f"global {', '.join(node.names)}"


def prints(module: Module) -> Iterator[Offence]:
    for node in ast.walk(module.tree):
        if _called(node) & {"print", "pprint"}:
            yield getattr(node, "lineno", 1), "print"


def clocks(module: Module) -> Iterator[Offence]:
    for node in ast.walk(module.tree):
        if _called(node) & CLOCKS:
            yield getattr(node, "lineno", 1), ast.unparse(node)


def broad_excepts(module: Module) -> Iterator[Offence]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            if re.search(r"\b(everything|Exception|BaseException)\b", caught):
                yield node.lineno, f"catches {caught}"


def vague_errors(module: Module) -> Iterator[Offence]:
    """Errors that say nothing a caller could act on; those of the system and of a wrong call may be raised."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Raise) and node.exc is not None and _name(node.exc) in VAGUE_ERRORS:
            yield node.lineno, f"raises {_name(node.exc)}"


def unreasoned(module: Module) -> Iterator[Offence]:
    """Checks switched off without codes, or without a reason in the same comment line or in the line above."""
    reason_above = -1
    for line, text, alone in _comments(module.source):
        off = SWITCHED_OFF.search(text)
        if off and not off["codes"]:
            yield line, f"switches every check off: {text}"
        elif off and not (off["rest"].strip(" -:#") or reason_above == line - 1):
            yield line, f"gives no reason: {text}"
        reason_above = line if alone and not off else -1


def _comments(source: str) -> Iterator[tuple[int, str, bool]]:
    """Each comment with its line, and whether it stands alone there."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string, token.line.lstrip().startswith("#")
