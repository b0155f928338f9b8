"""The reader's version: the package's version and a fingerprint of the code that decides a reading.

The fingerprint is made of what the code does. Docstrings, comments, type annotations, imports and the names and places
of modules do not count, so that a release of an earlier version can still be rebuilt after they were edited.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeAlias

from schemas.registry.sources import Source

# Packages and modules, each with its package; what passes a reading on without deciding it is left out.
_CODE = (
    ("raw", ("reading.py", "numerals", "page", "attachments", "extract", "tables")),
    ("raw.reviewed", ("cells.py", "columns.py", "reader.py")),
    ("schemas", ("document.py", "codelists.py")),
    ("schemas.registry", ("units.py", "uscc.py", "indicators.py")),
)
_MODULE_PATH = re.compile(r"(?:raw|schemas)(?:\.\w+)*")
# The rest of a node: where it stands, comments on types, and fields that only some versions of Python have.
_NEUTRAL_FIELDS = frozenset({"annotation", "returns", "ctx", "kind", "type_comment", "type_params"})
_Form: TypeAlias = "tuple[_Form, ...] | str"


@cache
def reader_version() -> str:
    """Return the version of the reader, such as `0.1.0+3f2a91bc`: equal versions read equal bytes alike."""
    sources = [path.read_text(encoding="utf-8") for path in code_files()]
    return f"{version('gongbao')}+{fingerprint(sources)[:8]}"


def code_files() -> Iterator[Traversable]:
    """Yield the modules that decide a reading."""
    for package, names in _CODE:
        for name in names:
            place = files(package).joinpath(name)
            modules = place.iterdir() if place.is_dir() else [place]
            yield from (module for module in modules if module.name.endswith(".py"))


def fingerprint(sources: list[str]) -> str:
    """Return the SHA-256 of what modules do, whatever they are called and in whatever order they are given.

    Args:
        sources: The Python source of each module.
    """
    digests = sorted(hashlib.sha256(repr(_form_of_module(source)).encode()).digest() for source in sources)
    return hashlib.sha256(b"".join(digests)).hexdigest()


@cache
def registry_fingerprint(source: Source) -> str:
    """Return the SHA-256 of the registry of indicators as shipped and of what is published of a source's entry."""
    published = f"{source.ref_area}\n{source.area_zh}\n{source.area_en}\n{source.publisher}"
    if source.publisher_names or source.vouched:
        published += "\n".join(("", *source.publisher_names, source.vouched_why))
    indicators = files("schemas.registry").joinpath("indicators.toml").read_bytes()
    return hashlib.sha256(indicators + published.encode()).hexdigest()


def _form_of_module(source: str) -> _Form:
    tree = ast.parse(source)
    modules = frozenset(
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and _MODULE_PATH.fullmatch(node.module)
        for alias in node.names
        if alias.name.islower()
    )
    return _form(tree, modules)


def _form(node: object, modules: frozenset[str]) -> _Form:
    """Return the nested form of a syntax tree: the same for every version of Python."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
        return ("Name", node.attr)  # a function of an imported module, as if it had been imported by name
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _MODULE_PATH.fullmatch(node.value):
        return ("Constant", "")
    if isinstance(node, ast.AST):
        fields = ((name, getattr(node, name, None)) for name in node._fields if name not in _NEUTRAL_FIELDS)
        forms = tuple((name, _form(value, modules)) for name, value in fields if value is not None and value != [])
        return (type(node).__name__, *forms)
    if isinstance(node, list):
        return tuple(_form(item, modules) for item in node if not _is_neutral(item))
    return repr(node)


def _is_neutral(node: object) -> bool:
    """Return whether a node is neutral: a docstring, an import, an alias of a type, a list of public names."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return isinstance(node.value.value, str)
    if isinstance(node, ast.AnnAssign):
        return isinstance(node.annotation, ast.Name) and node.annotation.id == "TypeAlias"
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)] == ["__all__"]
    return False
