"""The process that decodes one file: bytes on standard input, JSON on standard output.

Called as `python -m raw.attachments.worker FORMAT SECONDS MEGABYTES`. The limits hold before a library is imported.
Only this module and the decoders beside it import such libraries.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings

from raw.attachments.decoder import Decoded, Unreadable


def main(file_format: str, seconds: int, megabytes: int) -> dict[str, object]:
    """Return the text of the file on standard input, or the error."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 10**6, megabytes * 10**6))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes to a pipe and to no file
    body = sys.stdin.buffer.read()
    try:
        found = _decode(file_format, body)
    except Unreadable as error:
        return {"error": error.what, "remedy": error.remedy}
    except (MemoryError, RecursionError):
        remedy = "open it: if it is sound, save it in smaller parts, or as .txt"
        return {"error": f"reading it takes more than {megabytes} MB", "remedy": remedy}
    except Exception as error:  # noqa: BLE001 - the libraries raise anything on a damaged file
        what = f"the file is damaged or truncated ({type(error).__name__}: {str(error)[:200]})"
        return {"error": what, "remedy": "open it in a program that reads such files; fetch it again"}
    return {"text": found.text, "places": found.places, "missing": found.missing}


def _decode(file_format: str, body: bytes) -> Decoded:
    if file_format == "pdf":
        from raw.attachments.pdf import decode_pdf as decode  # noqa: PLC0415 - one library for one file
    elif file_format == "docx":
        from raw.attachments.docx import decode_docx as decode  # noqa: PLC0415 - as above
    elif file_format == "xlsx":
        from raw.attachments.xlsx import decode_xlsx as decode  # noqa: PLC0415 - as above
    else:
        from raw.attachments.xls import decode_xls as decode  # noqa: PLC0415 - as above
    return decode(body)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    json.dump(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])), sys.stdout)
