"""What one turn heard: the tracker, read once, in the words of this program."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

from bot.questions.question import Reading

ATTACHMENTS = "attachments"  # key of a message's metadata: the ids of what came with it
CHANNEL = "channel"  # another: by which app it came
PICTURED = "pictured"  # another: codes of dossiers that were read from these pictures
WHOLE = "whole"  # another: all of a text that is too long to be understood
# What a channel says of how a message came, beside its words: contracts.Incoming.metadata.
KIND, REFUSED, ALBUM, GROUP = HOW = ("kind", "refused", "album", "group")
LONGEST_QUESTION = 500  # characters; whoever writes more has said what it is about by then
NOT_UNDERSTOOD = "nlu_fallback"  # Rasa's mark in the ranking, no intent that one could have

_PAYLOAD = re.compile(r"^/(?P<intent>\w+)(?:@[\d.]+)?\s*(?P<entities>\{.*\})?\s*$", re.DOTALL)


@dataclass(frozen=True)
class Choice:
    """Something that was offered and can be picked by number, by words or by its button."""

    title: str
    payload: str


@dataclass(frozen=True)
class Place:
    """A place in the citizen's words, and the units of today that it may be ("xã X, tỉnh Y")."""

    said: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class Heard:
    """The citizen's message and what is still open from before.

    ``text`` is empty for a button's payload: nobody typed it. ``entities`` holds the values of
    each entity in the order heard; ``choices`` is what the last answer offered; ``readings`` are
    the likeliest intents, best first. ``message`` is all that understanding said, for who needs
    more of it; ``conversation`` names the talk; ``grievance`` is the message for which the road of
    feedback was offered. ``attachments`` are the ids of pictures and files that came with this
    message, ``evidence`` those and what came before, as long as no case has taken them: whoever
    gives them to a case empties the slot ``evidence``. ``kind``: what a message without words was,
    ``refused``: why its file was not taken, ``album``: to which pictures sent together it belongs,
    ``in_group``: whether others read along. ``pictured`` are the codes of dossiers that were read
    from the pictures of this message.
    """

    text: str
    intent: str
    readings: tuple[Reading, ...]
    entities: Mapping[str, tuple[str, ...]]
    places: tuple[Place, ...]
    procedure_code: str | None
    pending_aspects: tuple[str, ...]
    choices: tuple[Choice, ...]
    misses: int
    conversation: str
    message: Mapping[str, Any]
    grievance: Mapping[str, Any] | None = None
    attachments: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    kind: str = ""
    refused: str = ""
    album: str = ""
    in_group: bool = False
    pictured: tuple[str, ...] = ()
    followed: Any = None  # two slots, which actions/following_memory.py reads
    following: Any = None
    dossier: Mapping[str, Any] | None = None  # the slot of the talk about dossiers

    def entity(self, name: str) -> str:
        """Return the first value of an entity, else an empty string."""
        return next(iter(self.entities.get(name, ())), "")

    def number(self, name: str) -> int | None:
        """Return an entity as a positive number, else None."""
        value = self.entity(name)
        return int(value) if re.fullmatch(r"[1-9][0-9]{0,3}", value) else None

    @property
    def aspects(self) -> tuple[str, ...]:
        """The aspects named in this message; a button lists several with commas."""
        said = self.entities.get("aspect", ())
        return tuple(name.strip() for value in said for name in value.split(","))

    @property
    def channel(self) -> str:
        """The app by which it came; empty where nobody said so."""
        return str((self.message.get("metadata") or {}).get(CHANNEL) or "")

    @property
    def whole(self) -> str:
        """All that was typed; ``text`` and what was understood may be only its beginning."""
        metadata = self.message.get("metadata") or {}
        typed = metadata.get(WHOLE) or self.message.get("text") or ""
        return str(typed).strip() if self.text else ""

    @property
    def has_words(self) -> bool:
        """Tell whether there is a letter or a digit to go by."""
        return any(character.isalnum() for character in self.text)


def hear(tracker: Tracker) -> Heard:
    """Read the tracker; whatever is missing or of a wrong shape counts as not said."""
    message: Mapping[str, Any] = tracker.latest_message or {}
    typed = str(message.get("text") or "").strip()
    metadata = message.get("metadata") or {}
    attachments = _ids(metadata.get(ATTACHMENTS))
    return Heard(
        text="" if typed.startswith("/") else typed[:LONGEST_QUESTION],
        intent=str((message.get("intent") or {}).get("name") or ""),
        readings=_readings(message.get("intent_ranking")),
        entities=_entities(message.get("entities")),
        places=_places(message.get("entities")),
        procedure_code=tracker.get_slot("procedure_code"),
        pending_aspects=tuple(tracker.get_slot("pending_aspects") or ()),
        choices=_choices(tracker.get_slot("choices")),
        misses=int(tracker.get_slot("misses") or 0),
        grievance=tracker.get_slot("grievance"),
        attachments=attachments,
        kind=str(metadata.get(KIND) or ""),
        refused=str(metadata.get(REFUSED) or ""),
        album=str(metadata.get(ALBUM) or ""),
        in_group=bool(metadata.get(GROUP)),
        pictured=_ids(metadata.get(PICTURED)),
        followed=tracker.get_slot("followed"),
        following=tracker.get_slot("following"),
        evidence=tuple(dict.fromkeys((*_ids(tracker.get_slot("evidence")), *attachments))),
        conversation=str(tracker.sender_id),
        message=message,
        dossier=tracker.get_slot("dossier"),
    )


def read_payload(payload: str) -> tuple[str, dict[str, str]]:
    """Split a button's payload into its intent and entities.

    Raises ValueError when it is not a payload; ours always are.
    """
    match = _PAYLOAD.match(payload)
    if match is None:
        raise ValueError("not a payload")
    entities = json.loads(match["entities"] or "{}")
    return match["intent"], {str(key): str(value) for key, value in entities.items()}


def _ids(given: Sequence[object] | None) -> tuple[str, ...]:
    return tuple(map(str, given or ()))


def _readings(ranking: Sequence[Mapping[str, Any]] | None) -> tuple[Reading, ...]:
    return tuple(
        Reading(str(row.get("name")), float(row.get("confidence") or 0.0))
        for row in ranking or ()
        if row.get("name") != NOT_UNDERSTOOD
    )


def _entities(found: Sequence[Mapping[str, Any]] | None) -> dict[str, tuple[str, ...]]:
    values: dict[str, list[str]] = {}
    for entity in found or ():
        values.setdefault(str(entity.get("entity")), []).append(str(entity.get("value")))
    return {name: tuple(dict.fromkeys(heard)) for name, heard in values.items()}


def _places(found: Sequence[Mapping[str, Any]] | None) -> tuple[Place, ...]:
    return tuple(
        Place(str(entity["value"]), _units(entity["unit"]))
        for entity in found or ()
        if entity.get("entity") == "place" and entity.get("unit")
    )


def _units(unit: Mapping[str, Any]) -> tuple[str, ...]:
    meant = unit["candidates"] or ([unit] if unit["name"] else [])
    return tuple(", ".join(filter(None, (one["name"], one["province"]))) for one in meant)


def _choices(offered: Sequence[Mapping[str, str]] | None) -> tuple[Choice, ...]:
    return tuple(Choice(row["title"], row["payload"]) for row in offered or ())
