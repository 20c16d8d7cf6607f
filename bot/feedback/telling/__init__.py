"""From a story to a case (kể chuyện): what is known, what is asked next, what an answer means.

Pure: no database, no network. ``draft`` holds what was told, ``said`` what one message tells,
``road`` chooses the next question, ``hearing`` takes one message, ``answers`` reads it by the
question that is open, ``cues`` the small words (yes, no, skip, stop, "à nhầm"); ``wording`` names
the choices.
"""
