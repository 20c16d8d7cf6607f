"""The assistant's hands: thin rasa_sdk actions, one file per slice, built with what they need.

An action reads what was heard, asks a slice, and says one thing. ``registry.build_actions`` makes
them all; nothing here is global, and nothing is read before it is called.
"""
