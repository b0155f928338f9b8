"""A program that asks vl-convert: its JavaScript engine holds a hundred megabytes, which are free again when it ends.

    python -m publish.portal.html.vega_worker < questions.json > answers.json

A question is a pair: `picture` with a Vega-Lite chart, answered by its SVG, or `script` with what the script is to
export, answered by Vega, Vega-Lite and vega-embed in one.
"""

from __future__ import annotations

import json
import sys

import vl_convert


def answer(kind: str, text: str) -> str:
    """The answer to one question; a chart may fetch nothing."""
    if kind == "picture":
        return str(vl_convert.vegalite_to_svg(text, allowed_base_urls=[]))
    return str(vl_convert.javascript_bundle(text))


if __name__ == "__main__":
    sys.stdout.write(json.dumps([answer(*question) for question in json.loads(sys.stdin.read())]))
