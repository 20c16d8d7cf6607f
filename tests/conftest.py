"""What holds for every test."""

from hypothesis import settings

# An example may take as long as a busy machine needs; what hangs is ended with its test.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
