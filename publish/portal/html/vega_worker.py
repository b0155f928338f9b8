"""A process that calls vl-convert: its JavaScript engine takes 100 MB, which are free again when the process ends.

    python -m publish.portal.html.vega_worker < requests.json > answers.json

A request is a pair: `picture` and a Vega-Lite chart, answered by its SVG, or `script` and what the script exports,
answered by Vega, Vega-Lite and vega-embed as one script.
"""

import json
import sys

import vl_convert


def answer(kind: str, text: str) -> str:
    """Return the answer to one request; a chart may not fetch anything."""
    if kind == "picture":
        return str(vl_convert.vegalite_to_svg(text, allowed_base_urls=[]))
    return str(vl_convert.javascript_bundle(text))


if __name__ == "__main__":
    sys.stdout.write(json.dumps([answer(*request) for request in json.loads(sys.stdin.read())]))
