"""Environments of their own for clients whose pins clash with ours, made once from PyPI."""

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def environment(*requirements: str) -> Path:
    """Return the Python of an environment with these packages; skips where PyPI is away."""
    name = re.sub(r"[^a-z0-9.]+", "-", "-".join(requirements).lower())
    folder = Path(os.environ.get("BOT_DATA", ROOT / "var")) / "tmp" / f"env-{name}"
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        make = [sys.executable, "-m", "venv", "--clear", str(folder)]
        install = [str(python), "-m", "pip", "install", "--quiet", *requirements]
        subprocess.run(make, check=True)
        if subprocess.run(install, capture_output=True, check=False).returncode:
            pytest.skip(f"PyPI is away: {', '.join(requirements)} cannot be installed")
        ready.touch()
    return python


async def answer_of(python: Path, program: ModuleType, *arguments: str) -> Any:
    """Run a module of the tests by another environment's Python; return its last line, decoded."""
    running = await asyncio.create_subprocess_exec(
        *(str(python), "-m", program.__name__, *arguments),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await running.communicate()
    assert running.returncode == 0, errors.decode()[-3000:]
    return json.loads(out.splitlines()[-1])
