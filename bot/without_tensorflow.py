"""Lets Rasa be imported without TensorFlow, by putting an inert package of that name in its place.

Rasa imports every component it ships with, neural ones included, as soon as its recipe is imported: 6 s and
420 MB for layers that this project's pipeline never builds. `install()` must run before the first `import
rasa`. It must not
be used where a neural component is trained or loaded: such a component then fails loudly
(`TensorFlowLeftOut`).

The switch is `SUDA_TENSORFLOW=1`: the real package is used, as it is when it has been imported already.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
import types
from collections.abc import Sequence
from typing import Any

SWITCH = "SUDA_TENSORFLOW"

# The packages that Rasa's neural modules import at their own import; nothing else in our process needs them.
LEFT_OUT = frozenset({"tensorflow", "tensorflow_hub", "tensorflow_text", "keras"})


class TensorFlowLeftOut(RuntimeError):
    """A neural component was used in a process that runs without TensorFlow."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} was called, but this process runs without TensorFlow; set {SWITCH}=1 to use it"
        )


class _InertMeta(type):
    """Classes that answer every attribute with another inert class, so that annotations and bases resolve."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _inert(f"{cls.__qualname__}.{name}")

    def __getitem__(cls, _: object) -> type:
        return cls


class Inert(metaclass=_InertMeta):
    """Stands for any class, function or decorator of the packages left out.

    Called with one function it is that decorator and hands the function back; every other use is an error.
    """

    def __new__(cls, *args: object, **kwargs: object) -> Any:
        if cls.__module__ != __name__:
            raise TensorFlowLeftOut(f"{cls.__module__}.{cls.__qualname__}")
        if len(args) == 1 and not kwargs and isinstance(args[0], types.FunctionType):
            return args[0]
        raise TensorFlowLeftOut(cls.__qualname__)


def _inert(qualname: str) -> type:
    return _InertMeta(
        qualname.rsplit(".", 1)[-1], (Inert,), {"__module__": __name__, "__qualname__": qualname}
    )


class _InertModule(types.ModuleType):
    """A module that holds whatever it is asked for, and any submodule."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _inert(f"{self.__name__}.{name}")
        setattr(self, name, made)
        return made


class _InertFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the packages left out, and every submodule of theirs, as inert modules."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Claim a module of the packages left out; leave every other to Python's own finders."""
        if fullname.split(".", 1)[0] not in LEFT_OUT:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Make the empty module that answers everything."""
        return _InertModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """There is no code to run."""


def install() -> bool:
    """Put the inert packages in place. True if they are in force, False if the real TensorFlow is used.

    Idempotent. False when `SUDA_TENSORFLOW` is 1 or a real package was imported before.
    """
    if os.environ.get(SWITCH, "").strip() == "1":
        return False
    loaded = [sys.modules[name] for name in LEFT_OUT if name in sys.modules]
    if loaded:
        return all(isinstance(module, _InertModule) for module in loaded)
    sys.meta_path.insert(0, _InertFinder())
    return True


def in_force() -> bool:
    """Whether this process runs without TensorFlow."""
    return any(isinstance(finder, _InertFinder) for finder in sys.meta_path)
