"""Importing Rasa without TensorFlow, where nothing that we use of Rasa needs it.

Rasa imports TensorFlow whatever its pipeline holds: about 350 MB and ten seconds of processor time
for every brain, for networks that ours does not have (docs/decisions/0001). Here the names are
there for Rasa's classes to be defined on, and whoever tries to compute with them is refused.
"""

import sys
from collections.abc import Iterable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

LEFT_OUT = {"tensorflow", "keras", "tensorflow_hub"}
NEED_IT = {
    "ConveRTFeaturizer",
    "DIETClassifier",
    "LanguageModelFeaturizer",
    "ResponseSelector",
    "TEDPolicy",
    "UnexpecTEDIntentPolicy",
}
"""Rasa's components that compute with TensorFlow."""


class _Names(type):
    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return Placeholder

    def __or__(cls, _: object) -> Any:
        return cls

    def __ror__(cls, _: object) -> Any:
        return cls


class Placeholder(metaclass=_Names):
    """Stands for any class, constant or decorator of TensorFlow at import time."""

    def __new__(cls, *arguments: Any, **options: Any) -> Any:
        """Make an instance; used as a decorator, give the function back as it is."""
        if cls is Placeholder and len(arguments) == 1 and callable(arguments[0]):
            return arguments[0]
        return super().__new__(cls)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Take whatever the real one takes."""

    def __class_getitem__(cls, _: object) -> Any:
        """Take part in type hints."""
        return cls

    def __call__(self, function: Any = None, *arguments: Any, **options: Any) -> Any:
        """Decorate as a decorator with options does: not at all."""
        if callable(function):
            return function
        raise RuntimeError("TensorFlow was left out; config.yml names nothing that needs it")


class _Module(ModuleType):
    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return Placeholder


class _Finder(MetaPathFinder, Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in LEFT_OUT:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__version__ = "2.12.0"  # type: ignore[attr-defined]  # Rasa compares it
        module.__path__ = []


def leave_out_tensorflow(config: Path) -> bool:
    """Leave TensorFlow out of this process, if a Rasa configuration does without it.

    Call before Rasa is imported. Returns whether it was left out.
    """
    if "tensorflow" in sys.modules or NEED_IT & set(component_names(config)):
        return False
    sys.meta_path.insert(0, _Finder())
    return True


def component_names(config: Path) -> Iterable[str]:
    """Name the components and policies of a Rasa configuration, as short as Rasa writes them."""
    content = yaml.safe_load(config.read_text("utf-8"))
    for part in ("pipeline", "policies"):
        for component in content.get(part) or ():
            yield str(component["name"]).rpartition(".")[2]
