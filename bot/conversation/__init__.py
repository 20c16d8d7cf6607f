"""The road of a message: inbox, turn, assistant, brains, outbox."""
