"""What Zalo's error codes mean for a message that was to be sent.

A code that is not in the table is tried again a few times and then parked: a new code must neither
lose a message nor be knocked on for ever.
"""

from enum import Enum


class Reaction(Enum):
    """What to do with the message; the value explains it to operators."""

    RETRY = "tried again a few times, then parked"
    BACK_OFF = "tried again when the rate has room"
    RENEW = "the token is refreshed once and the message tried once more"
    DEGRADE = "sent once more without buttons, as numbered text"
    WAIT_FOR_READER = "parked until the person writes again"
    MORNING = "tried again in the morning"
    GIVE_UP = "parked"
    ALARM = "tried again, slowly, while an operator is called"


REACTIONS: dict[int, tuple[Reaction, str]] = {
    -32: (Reaction.BACK_OFF, "the app or the OA calls too often"),
    -100: (Reaction.RETRY, "the uploaded file has expired"),
    -200: (Reaction.RETRY, "sending failed at Zalo"),
    -201: (Reaction.DEGRADE, "a field is invalid"),
    -204: (Reaction.ALARM, "the OA is disabled"),
    -205: (Reaction.ALARM, "there is no such OA"),
    -209: (Reaction.ALARM, "the app is not active"),
    -210: (Reaction.GIVE_UP, "a parameter is over its limit"),
    -211: (Reaction.WAIT_FOR_READER, "the OA's quota is used up"),
    -212: (Reaction.ALARM, "the app has not registered this API"),
    -213: (Reaction.WAIT_FOR_READER, "the person does not follow the OA"),
    -216: (Reaction.RENEW, "the access token is invalid"),
    -217: (Reaction.GIVE_UP, "the person has blocked invitations"),
    -218: (Reaction.WAIT_FOR_READER, "the quota for this person is used up"),
    -219: (Reaction.ALARM, "the app is removed or disabled"),
    -220: (Reaction.RENEW, "the access token has expired"),
    -221: (Reaction.ALARM, "the OA is not verified"),
    -223: (Reaction.ALARM, "the OA has not authorised the app"),
    -224: (Reaction.ALARM, "the OA's package is too low"),
    -227: (Reaction.GIVE_UP, "the person is banned, or inactive for 45 days"),
    -230: (Reaction.WAIT_FOR_READER, "the person's last message is older than seven days"),
    -232: (Reaction.WAIT_FOR_READER, "the person has not written yet"),
    -233: (Reaction.DEGRADE, "this kind of message is not supported"),
    -234: (Reaction.MORNING, "nothing may be sent at night"),
    -235: (Reaction.ALARM, "this API is not for this kind of OA"),
    -240: (Reaction.ALARM, "this API is closed"),
    -242: (Reaction.ALARM, "the proof of the app's secret is wrong"),
    -244: (Reaction.GIVE_UP, "the person does not want messages of this kind"),
    -248: (Reaction.GIVE_UP, "the content is against Zalo's rules"),
    -320: (Reaction.ALARM, "no cloud account is linked"),
    -321: (Reaction.ALARM, "the cloud account is out of money"),
}
UNKNOWN = (Reaction.RETRY, "an error that is not in the table")


def reaction_to(code: int) -> tuple[Reaction, str]:
    """Return what to do after an error code, and what it means to an operator."""
    reaction, meaning = REACTIONS.get(code, UNKNOWN)
    return reaction, f"{code}: {meaning}"
