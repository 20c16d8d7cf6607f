"""What the trained components share: made, trained, stored and loaded the way Rasa asks for."""

from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.text_classifier import Example, TextClassifier

_FILE = "classifier.npz"


class TrainedComponent(GraphComponent):
    """Holds one TextClassifier; a subclass says what it learns and what it does to a message.

    Config: ``freedom``, ``balance`` and ``sharpness`` as in TextClassifier.fit.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Untrained; ``train`` or ``load`` gives it its classifier."""
        self._config = config
        self._storage = storage
        self._resource = resource
        self._classifier: TextClassifier | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Rasa's way to make an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> Self:
        """Rasa's way to make a trained component; it stays mute when there was nothing to learn."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            if (folder / _FILE).exists():
                component._classifier = TextClassifier.load(folder / _FILE)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the labels of the examples; fewer than two labels teach nothing."""
        examples = self.examples(training_data)
        with self._storage.write_to(self._resource) as folder:
            if len({example.label for example in examples}) > 1:
                how = {key: self._config[key] for key in ("freedom", "balance", "sharpness")}
                self._classifier = TextClassifier.fit(examples, **how)
                self._classifier.save(folder / _FILE)
        return self._resource

    def examples(self, training_data: TrainingData) -> list[Example]:
        """What there is to learn."""
        raise NotImplementedError
