"""Assay's side of an adapter in Python: a table of losses becomes a testee that `assay` starts and asks."""

from .protocol import Skipped, Testee
from .tensors import Buffer

__all__ = ["Buffer", "Skipped", "Testee"]
