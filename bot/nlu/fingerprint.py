"""Makes an edited rule retrain the model: Rasa fingerprints a component's class only, not the modules it
calls."""

from __future__ import annotations

import hashlib
import inspect
from types import ModuleType


def source_fingerprint(*modules: ModuleType) -> str:
    """A digest of the modules' source text, for `GraphComponent.fingerprint_addon`."""
    digest = hashlib.sha256()
    for module in modules:
        digest.update(module.__name__.encode())
        digest.update(inspect.getsource(module).encode())
    return digest.hexdigest()
