"""The contracts of import-linter in pyproject.toml: this tree keeps each, and each notices a violation."""

from __future__ import annotations

from copy import deepcopy

import pytest
from importlinter import configuration
from importlinter.application import use_cases
from importlinter.application.ports.reporting import Report
from support.requires import ROOT

# The contract, the module that breaks it, and what that module imports ("" where the module itself is wrong).
VIOLATIONS = [
    ("Imports between the packages point down", "raw.reading", "publish.bucket.version"),
    ("Imports between the packages point down", "publish.bucket.version", "raw.reading"),
    ("Imports between the packages point down", "schemas.alarms.runbook", "infra.settings"),
    ("Imports between the packages point down", "infra.settings", "flows"),
    ("Imports inside publish point down", "publish.bucket.layout", "publish.release.publish"),
    ("Imports inside publish point down", "publish.compare.pairs", "publish.bucket.version"),
    ("Imports inside publish point down", "publish.stray", ""),
    ("raw reads from page to observations without I/O", "raw.page.parse", "raw.http.client"),
    ("raw reads from page to observations without I/O", "raw.extract.clauses", "subprocess"),
    ("Polars is for tables: not in raw, not in infra", "infra.settings", "polars"),
    ("duckdb, pandas and bcrypt are for other libraries and for tests", "flows.stages.candidate", "duckdb"),
    ("Prefect, click and rich live in flows", "publish.release.publish", "prefect"),
    (
        "httpx lives in raw.http, infra.chat_bots, infra.deadman_switch and flows.run.prefect_server",
        "flows.cli.get",
        "httpx",
    ),
    ("tenacity lives in raw.http and infra.store", "raw.archive.warc", "tenacity"),
    ("selectolax and charset-normalizer live in raw.page", "raw.extract.slots", "selectolax"),
    ("The libraries of DOCX, XLSX, XLS and PDF live in raw.attachments", "raw.reading", "pdfplumber"),
    ("warcio lives in raw.archive", "raw.http.client", "warcio"),
    ("Pandera lives in schemas.tables", "publish.gate.verdict", "pandera"),
    ("boto3 lives in infra.store", "infra.settings", "boto3"),
    ("apprise lives in infra.notifications", "flows.notify.alerts", "apprise"),
    ("prometheus_client lives in infra.metrics", "flows.stages.monitoring", "prometheus_client"),
    ("starlette and uvicorn live in infra.serve", "flows.cli.store", "uvicorn"),
    ("Great Expectations lives in publish.gate.expectations", "publish.gate.verdict", "great_expectations"),
    ("The libraries of keys live in publish.signing", "publish.verify.signatures", "minisign"),
    ("PyYAML lives in publish.metadata.citation", "publish.metadata.csvw", "yaml"),
    ("XlsxWriter lives in publish.release.workbook", "publish.release.publish", "xlsxwriter"),
    ("Templates and charts live in publish.portal.html", "publish.portal.build", "jinja2"),
]


@pytest.fixture(scope="module")
def report() -> Report:
    """What import-linter says of this tree, with the graph of its imports."""
    configuration.configure()
    options = use_cases.read_user_options(str(ROOT / "pyproject.toml"))
    assert not [contract for contract in options.contracts_options if "ignore_imports" in contract]
    use_cases._register_contract_types(options)
    return use_cases.create_report(options, cache_dir=None)


def test_the_tree_keeps_every_contract_and_each_has_a_violation_here(report: Report) -> None:
    contracts = list(report.get_contracts_and_checks())
    assert [contract.name for contract, check in contracts if not check.kept] == []
    assert {contract.name for contract, _ in contracts} == {name for name, _, _ in VIOLATIONS}


def test_a_violation_breaks_its_contract_and_no_other(report: Report) -> None:
    for name, importer, imported in VIOLATIONS:
        graph = deepcopy(report.graph)
        assert imported == "" or importer in graph.modules, importer
        graph.add_module(importer)
        if imported and imported not in graph.modules:
            graph.add_module(imported, is_squashed=True)
        if imported:
            graph.add_import(importer=importer, imported=imported)
        contracts = [contract for contract, _ in report.get_contracts_and_checks()]
        broken = [contract.name for contract in contracts if not contract.check(deepcopy(graph), verbose=False).kept]
        assert broken == [name], (importer, imported)
