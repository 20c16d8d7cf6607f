"""Zalo Official Account (OpenAPI v3): signed events in, messages out, and tokens kept alive.

The facts that this rests on, and how sure they are, stand in docs/decisions/0022.
"""
