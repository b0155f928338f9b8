"""Making ready the automations that are shipped: `python -m flows.notify.prefect_automations SHIPPED READY`.

The address of the webhook, `GONGBAO_WEBHOOK_URL`, becomes a secret block of the server; its id takes the place of the
zeros in the shipped file. Automations of the same names go first, so that `prefect automation create` replaces them.
"""

import asyncio
import os
import re
import sys
from pathlib import Path

from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.types import SecretDict
from pydantic import SecretStr

from schemas.errors import SettingsError

BLOCK = "gongbao"
NO_ID = "00000000-0000-0000-0000-000000000000"
_NAME = re.compile(r"^ *- name: (\S+)$", re.MULTILINE)


def make_ready(shipped: Path, ready: Path, url: str) -> None:
    """Save the address, delete the automations of the same names and write the file to create them from."""
    if not url.strip():
        raise SettingsError("no webhook is named", where="GONGBAO_WEBHOOK_URL", remedy="set the address to call")
    text = shipped.read_text(encoding="utf-8")
    block = asyncio.run(_save_webhook_block(url.strip(), _NAME.findall(text)))
    ready.write_text(text.replace(NO_ID, block), encoding="utf-8")


async def _save_webhook_block(url: str, names: list[str]) -> str:
    """Save the address to a block, delete the automations of these names, and return the id of the block."""
    block = Webhook(url=SecretStr(url), headers=SecretDict({"Content-Type": "application/json"}))
    block_id = await block.asave(BLOCK, overwrite=True)
    async with get_client() as client:
        for name in names:
            for automation in await client.read_automations_by_name(name):
                await client.delete_automation(automation.id)
    return str(block_id)


if __name__ == "__main__":
    make_ready(Path(sys.argv[1]), Path(sys.argv[2]), os.environ.get("GONGBAO_WEBHOOK_URL", ""))
