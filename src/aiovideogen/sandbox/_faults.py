"""Which faults fire on a request: the rules and what `fail_next` asked for, counted."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from ._state import make_random
from ._storage import GET, PUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._spec import Operation
    from .faults import Action, FaultRule, Rule

EFFECTS = ("read", "repeatable", "once")
STORAGE = {GET: "read", PUT: "repeatable"}


class Trigger:
    """Counts what a rule matches and says when it fires."""

    def __init__(self, rule: Rule, seed: int | None, number: int) -> None:
        self.rule = rule
        self.seen = 0
        self.fired = 0
        own = rule.seed is not None
        self._random = make_random(rule.seed if own else seed, "rule", 0 if own else number)

    def fires(self) -> bool:
        """Count one more and say whether it is hit."""
        rule = self.rule
        self.seen += 1
        # Drawn for each, so that chance hits the same ones whatever else is asked.
        chosen = self._random.random() < rule.probability
        nth = [rule.nth] if isinstance(rule.nth, int) else rule.nth
        hit = chosen and self.seen > rule.skip and not self.spent and (nth is None or self.seen in nth)
        self.fired += hit
        return hit

    @property
    def spent(self) -> bool:
        return self.rule.times is not None and self.fired >= self.rule.times


class Faults:
    """The rules in force, and one queue per operation for `fail_next`."""

    def __init__(self, operations: Mapping[str, Operation], seed: int | None) -> None:
        self._effects = {name: operation.effect for name, operation in operations.items()} | STORAGE
        self._seed = seed
        self._rules: list[tuple[frozenset[str], Trigger, Action]] = []
        self._queues: defaultdict[str, deque[tuple[Trigger, Action]]] = defaultdict(deque)

    def add(self, rule: FaultRule) -> None:
        """Put a rule in force.

        Raises ValueError for an unknown operation.
        """
        names = frozenset(name for selector in rule.selectors for name in self._selected(selector))
        self._rules.append((names, Trigger(rule, self._seed, len(self._rules)), rule.action))

    def queue(self, rule: FaultRule) -> None:
        """Queue a rule for one operation: it counts when those before it are spent."""
        for name in self._selected(str(rule.operations)):
            self._queues[name].append((Trigger(rule, self._seed, 0), rule.action))

    def _selected(self, selector: str) -> list[str]:
        if selector == "*":
            return list(self._effects)
        if selector == "storage":
            return list(STORAGE)
        if selector in EFFECTS:
            return [name for name, effect in self._effects.items() if effect == selector]
        if selector not in self._effects:
            raise ValueError(f"unknown operation: {selector}")
        return [selector]

    def clear(self) -> None:
        """Forget all rules and queues."""
        self._rules.clear()
        self._queues.clear()

    def due(self, operation: str) -> list[Action]:
        """Return what happens to this request, which counts."""
        actions = [action for names, trigger, action in self._rules if operation in names and trigger.fires()]
        queue = self._queues.get(operation)
        if queue:
            trigger, action = queue[0]
            actions += [action] if trigger.fires() else []
            if trigger.spent:
                queue.popleft()
        return actions
