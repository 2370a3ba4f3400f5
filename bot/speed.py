"""Hot spots of Rasa's own, taken out: none of them changes a result.

The graph's order is found once; event types are looked up once; which rules fit a state is remembered; slots are
copied plainly; what is only logged is not copied first. docs/decisions/0003 has the figures.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from rasa.core import processor
from rasa.core.actions import forms
from rasa.core.policies import rule_policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot

REMEMBERED_STATES = 4_000


def take_out_hot_spots() -> None:
    """Do all that is not a matter of one loaded model. Called before a model is loaded."""
    remember_event_types()
    copy_slots_plainly()
    copy_nothing_for_the_log()


class OrderedGraphRunner:
    """Runs a loaded graph's nodes in an order computed once per set of targets.

    `DaskGraphRunner.run` prunes the schema, builds a dask graph and schedules it anew for every message
    (engine/runner/dask.py:82).
    """

    def __init__(self, loaded: DaskGraphRunner) -> None:
        self._schema = loaded._graph_schema
        self._nodes = loaded._instantiated_nodes
        self._orders: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}
        for node in self._nodes.values():
            if isinstance(node._component, RulePolicy):
                remember_fitting_rules(node._component)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Run what the targets need; see Rasa's `GraphRunner.run`."""
        wanted = tuple(targets if targets else self._schema.target_names)
        order = self._orders.get(wanted)
        if order is None:
            order = self._orders[wanted] = self._order(wanted)
        results: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in order:
            results[name] = self._nodes[name](*(results[need] for need in needs))
        return {name: results[name][1] for name in wanted}

    def _order(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        nodes = self._schema.minimal_graph_schema(list(targets)).nodes
        order: list[tuple[str, tuple[str, ...]]] = []
        seen: set[str] = set()

        def visit(name: str) -> None:
            if name in seen or name not in nodes:
                return
            seen.add(name)
            needs = tuple(nodes[name].needs.values())
            for need in needs:
                visit(need)
            order.append((name, needs))

        for target in targets:
            visit(target)
        return order


def remember_event_types() -> None:
    """Look an event class up once per name; Rasa walks all subclasses each time (shared/core/events.py:375)."""
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=256)(Event.resolve_by_type))


def copy_slots_plainly() -> None:
    """A tracker copies each slot of the domain, some six times a turn; `copy.copy` takes the long way through pickling."""

    def plain_copy(self: Slot) -> Slot:
        twin: Slot = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        return twin

    Slot.__copy__ = plain_copy


def copy_nothing_for_the_log() -> None:
    """These modules copy events and states deeply for a debug line, whether it is written or not."""
    shallow = SimpleNamespace(copy=copy.copy, deepcopy=lambda value: value)
    for module in (processor, forms, rule_policy):
        module.copy = shallow


def remember_fitting_rules(policy: RulePolicy) -> None:
    """Find the rules whose last step fits a state once for each state, then go on as `RulePolicy` does.

    Rasa tries all rules against the latest state before it looks further back (rule_policy.py `_get_possible_keys`).
    """
    remembered: OrderedDict[tuple[int, str], frozenset[str]] = OrderedDict()

    def possible_keys(lookup: dict[str, str], states: list[dict[str, Any]]) -> set[str]:
        if not states:
            return set(lookup)
        latest = (id(lookup), repr(states[-1]))
        found = remembered.get(latest)
        if found is None:
            found = frozenset(key for key in lookup if policy._is_rule_applicable(key, 0, states[-1]))
            remembered[latest] = found
            if len(remembered) > REMEMBERED_STATES:
                remembered.popitem(last=False)
        keys = set(found)
        for index, state in enumerate(reversed(states[:-1]), start=1):
            if not keys:
                break
            keys = {key for key in keys if policy._is_rule_applicable(key, index, state)}
        return keys

    policy._get_possible_keys = possible_keys
