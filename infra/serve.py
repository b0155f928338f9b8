"""A local web server for a folder store: `python -m infra.serve FOLDER PORT`, on this machine only."""

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

EXPOSED = ("ETag", "Content-Length", "Content-Range", "Accept-Ranges")


def site(folder: Path) -> Starlette:
    """Return an application that serves a folder like a published store: with ranges and for other origins."""
    shared = Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "HEAD"], expose_headers=EXPOSED)
    return Starlette(routes=[Mount("/", StaticFiles(directory=folder, html=True))], middleware=[shared])


if __name__ == "__main__":
    uvicorn.run(site(Path(sys.argv[1])), port=int(sys.argv[2]))
