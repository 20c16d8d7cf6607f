"""Vietnamese text as people type it: one spelling for search and for understanding.

The bottom layer: pure functions on text, no rasa, no storage, nothing else of the program.
"""

from bot.vietnamese.abbreviations import expand
from bot.vietnamese.abridging import abridge
from bot.vietnamese.cleaning import clean
from bot.vietnamese.folding import fold
from bot.vietnamese.spelling import normalise, words
from bot.vietnamese.tones import place_tone

__all__ = ["abridge", "clean", "expand", "fold", "normalise", "place_tone", "words"]
