"""Zalo Bot Platform: a bot with a token, choices as numbered text, at most fifty people.

Good for a pilot and for a commune; a city needs the Official Account (docs/decisions/0022).
"""
