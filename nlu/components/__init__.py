"""What Rasa runs to understand a Vietnamese message; named in config.yml."""
