"""What is left out of Rasa is what nothing needs."""

import ast
import sys
from pathlib import Path

import pytest

from bot.conversation.model_file import ROOT
from bot.conversation.without_tensorflow import (
    Placeholder,
    component_names,
    leave_out_tensorflow,
)

RASA = next(Path(folder) / "rasa" for folder in sys.path if (Path(folder) / "rasa").is_dir())


@pytest.mark.parametrize("module", ["core/processor.py", "core/policies/rule_policy.py"])
def test_rasa_copies_there_for_its_debug_log_alone(module):
    tree = ast.parse((RASA / module).read_text("utf-8"))
    uses = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "copy"]
    logging = [
        call
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "structlogger.debug"
    ]
    logged = {id(node) for call in logging for node in ast.walk(call)}
    assert uses
    assert all(id(use) in logged for use in uses)


def test_our_configuration_needs_no_tensorflow():
    assert "VietnameseIntentClassifier" in component_names(ROOT / "config.yml")
    assert "DIETClassifier" not in component_names(ROOT / "config.yml")


def test_a_configuration_with_a_network_keeps_tensorflow(tmp_path):
    config = tmp_path / "config.yml"
    config.write_text("pipeline:\n- name: DIETClassifier\npolicies:\n- name: RulePolicy\n")
    before = list(sys.meta_path)
    assert not leave_out_tensorflow(config)
    assert sys.meta_path == before


def test_whoever_computes_with_a_placeholder_is_refused():
    with pytest.raises(RuntimeError, match="TensorFlow was left out"):
        Placeholder.constant(1)(2)
