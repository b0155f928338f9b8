"""The Prefect flow of one source: the pipeline with its stages as tasks."""

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact

from flows.notify.prefect_events import emit_run_event
from flows.notify.run_report import markdown
from flows.pipeline import run_pipeline
from flows.run.context import run_record
from flows.run.start import RunFailed, start_run
from flows.tasks import PREFECT_STAGES
from infra.logs import set_default_log_level
from raw.samples.site import serve_sample_site
from schemas.codelists import Outcome


@flow(name="gongbao-nightly", flow_run_name="nightly-{source}", validate_parameters=True, persist_result=False)
async def nightly(source: str, store: str = "", sources: str = "", now: datetime | None = None) -> dict[str, Any]:
    """Fetch, archive, read, check and publish one source.

    Args:
        source: The id of the source.
        store: A folder or `s3://bucket/prefix`; `GONGBAO_STORE` if empty.
        sources: An operator's registry file.
        now: The time that the run takes for its start.

    Returns:
        The record of the run.

    Raises:
        RunFailed: The run published nothing because something went wrong.
    """
    set_default_log_level()
    run = start_run(source, store, sources, now)
    with serve_sample_site(run.source):
        result = await run_pipeline(run, PREFECT_STAGES)
    record = run_record(run, result)
    emit_run_event(record)
    await acreate_markdown_artifact(markdown(record), key=f"nightly-{run.source.id}", description="What this run did")
    if result.exit_status and result.outcome is not Outcome.HELD:
        raise RunFailed(record)
    return record
