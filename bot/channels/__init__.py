"""The doors through which citizens come in: one room per messaging app."""
