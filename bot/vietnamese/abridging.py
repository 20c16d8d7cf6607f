"""Long texts made short for those who read only so much."""

_BEGINNING = 0.6  # of what is kept; the rest is the end


def abridge(text: str, longest: int) -> str:
    """Keep the beginning and the end, cut between words: a long story is told first and asks last.

    The result has ``longest`` characters at most.
    """
    if len(text) <= longest:
        return text
    head = text[: int(longest * _BEGINNING)]
    tail = text[len(head) + 1 - longest :]
    return f"{head.rpartition(' ')[0] or head} {tail.partition(' ')[2] or tail}"
