"""How well the assistant understands, finds and talks: labelled files in, figures out.

Everything is measured on the path of a citizen's message, never on a part of it alone: a question
that is found by the search but taken for small talk is a question without an answer.

``files`` reads the labelled files, ``intents``, ``procedures`` and ``dialogues`` measure one kind
each, ``figures`` states shares with their uncertainty, ``record`` compares with what was reached
before; ``tables``, ``confusion`` and ``reliability`` show it.
"""
