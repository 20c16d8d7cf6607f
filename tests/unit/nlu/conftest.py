"""Rasa and TensorFlow are imported once, here: their imports warn, and warnings are errors."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import rasa.engine.recipes.default_recipe
    import rasa.nlu.classifiers.fallback_classifier  # noqa: F401
