"""The validation results of a release: what was expected of its tables, and what was found."""

from collections.abc import Iterator, Mapping
from typing import Any

from publish.bucket.layout import VALIDATION as FILE
from publish.bucket.manifest import from_json
from publish.portal.html.page import Page, SiteContext
from publish.portal.html.translations import translate
from publish.portal.html.urls import VALIDATION


def validation_page(site: SiteContext) -> Page:
    """Return the page of the expectations on the tables, out of the validation result that the release publishes."""
    suites = from_json(site.about.files[FILE], FILE) if FILE in site.about.files else {}
    return Page(
        name=VALIDATION,
        template="validation.html",
        title=translate("val_title"),
        description=translate("val_description", area=site.area),
        values={
            "rows": [_row(table, result) for table, suite in suites.items() for result in suite["results"]],
            "file": f"{site.folder}{FILE}",
        },
    )


def _row(table: str, result: Mapping[str, Any]) -> Mapping[str, Any]:
    config, detail = result["expectation_config"], result["result"]
    return {
        "code": config["meta"]["code"],
        "table": table,
        "kind": config["type"],
        "condition": " and ".join(_conditions(config["kwargs"].get("row_condition"))),
        "limit": ", ".join(_limits(config["kwargs"])),
        "observed": detail.get("observed_value"),
        "unexpected": detail.get("unexpected_count"),
        "of": detail.get("element_count"),
        "success": result["success"],
    }


def _conditions(condition: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield the comparisons of a row condition as the library serializes it."""
    if condition is None:
        return
    for one in condition.get("conditions", [condition]):
        yield f"{one['column']['name']} {one['operator']} {one['parameter']}"


def _limits(arguments: Mapping[str, Any]) -> Iterator[str]:
    """Yield the limits among the arguments of an expectation, by the name of the measure."""
    subject = arguments.get("column", "")
    for name, sign in (("min_value", "≥"), ("max_value", "≤"), ("threshold", "≤"), ("value_set", "∉")):
        if arguments.get(name) is not None:
            yield f"{subject} {sign} {_plain(arguments[name])}".strip()
    if "column_A" in arguments:
        yield f"{arguments['column_A']} {'≥' if 'or_equal' in arguments else '='} {arguments['column_B']}"
    if "column_list" in arguments:
        yield ", ".join(arguments["column_list"])
    if "mostly" in arguments:
        yield f"≥ {arguments['mostly']:.6g} × n"


def _plain(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
