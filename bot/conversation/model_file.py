"""Which trained model belongs to the sources as they are; known without importing Rasa."""

import hashlib
import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SOURCES = (
    "config.yml",
    "nlu/data",
    "nlu/domain",
    "nlu/components",
    "bot/vietnamese",
    "bot/procedures/data/everyday-names.yml",
    "bot/procedures/data/search-questions.tsv",
)
SUFFIXES = {".yml", ".yaml", ".py", ".tsv", ".json"}


def model_path(data_folder: Path, root: Path = ROOT) -> Path:
    """Return where the model of these sources lies, whether or not it is there.

    The name is a hash of everything that training reads, so a model can never be older than its
    sources without being another file.
    """
    return data_folder / "models" / f"{_fingerprint(root)}.tar.gz"


def _fingerprint(root: Path) -> str:
    digest = hashlib.sha256()
    digest.update(f"{version('rasa')} {platform.python_version()}".encode())
    for path in _source_files(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _source_files(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        source = root / name
        if source.is_file():
            yield source
            continue
        for path in sorted(source.rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                yield path
