"""Running Rasa's graph straight: its nodes one after another, without a scheduler.

Rasa schedules the few nodes of a prediction with dask, which for graphs as small as ours takes
about as long as the nodes themselves, three times a turn. The interface is Rasa's own GraphRunner.
"""

import dataclasses
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage

from bot.conversation.rules import IntentRulePolicy

QUICKER = {RulePolicy: IntentRulePolicy}
"""Component of Rasa → what runs in its place once it is trained."""


class StraightGraphRunner(GraphRunner):
    """Runs the nodes that a target needs, each after those that it needs itself."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._orders: dict[tuple[str, ...], list[str]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> "StraightGraphRunner":
        """Make every node of the graph; Rasa's loader calls this."""
        nodes = {}
        for name, node in graph_schema.nodes.items():
            quick = dataclasses.replace(node, uses=QUICKER.get(node.uses, node.uses))
            nodes[name] = GraphNode.from_schema_node(
                name, quick, model_storage, execution_context, hooks
            )
        return cls(graph_schema, nodes)

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Run what the targets need; returns their outputs by name."""
        wanted = tuple(targets or self._schema.target_names)
        if wanted not in self._orders:
            self._orders[wanted] = self._order(wanted)
        outputs = dict(inputs or {})
        for name in self._orders[wanted]:
            needs = self._schema.nodes[name].needs.values()
            _, outputs[name] = self._nodes[name](*((need, outputs[need]) for need in needs))
        return {name: outputs[name] for name in wanted}

    def _order(self, targets: tuple[str, ...]) -> list[str]:
        """Name the nodes that the targets need, each behind its own needs."""
        order: list[str] = []

        def visit(name: str) -> None:
            if name in order or name not in self._schema.nodes:  # an input is no node
                return
            for need in self._schema.nodes[name].needs.values():
                visit(need)
            order.append(name)

        for target in targets:
            visit(target)
        return order
