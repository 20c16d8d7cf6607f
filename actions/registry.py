"""Makes every action of the assistant with what it needs."""

from rasa_sdk import Action

from actions.arriving import PERSONAL, ActionPersonal, Arriving
from actions.contact import contact_lines
from actions.conversation import (
    ActionAffirm,
    ActionCancel,
    ActionDeny,
    ActionFallback,
    ActionHelp,
    ActionSay,
)
from actions.dossiers import ActionCheckDossier, Checking
from actions.following import ActionTrackFeedback, Following
from actions.offering import OfferingProcedures
from actions.places import ActionAskPlace
from actions.procedures import ActionAskProcedure, ProcedureDesk
from actions.rights import ActionAskRights, load_topics
from actions.services import Services
from actions.speaking import Behind, SpeakingAction
from actions.telling import ActionReportComplaint, DuringTelling, Telling

# Answered with one response each: action → response.
SAYINGS = {
    "action_greet": "utter_conversation_greeting",
    "action_goodbye": "utter_conversation_goodbye",
    "action_thank": "utter_conversation_welcome",
    "action_out_of_scope": "utter_conversation_out_of_scope",
    "action_ask_human": "utter_conversation_person",
}
# Intents that are easily heard in a question about a procedure; a story is never interrupted so.
OFFERING = {
    "action_ask_place",
    "action_ask_rights",
    "action_ask_human",
    "action_check_dossier",
    "action_track_feedback",
}


def build_actions(services: Services) -> list[Action]:
    """Build one instance of each action named in nlu/domain; reads the data files they need."""
    desk = ProcedureDesk(services)
    topics = load_topics()
    contact = contact_lines(services.hotline)
    telling = Telling(services, topics)
    following = Following(services, contact)
    checking = Checking(services, contact)
    actions: list[Action] = [
        ActionAskProcedure(desk),
        ActionAskPlace(desk, contact),
        ActionAskRights(topics, contact, services.today),
        ActionAffirm(),
        ActionDeny(),
        ActionCancel(),
        ActionFallback(desk, topics, contact, services.note_missed, services.today),
        ActionReportComplaint(telling, checking.grievance),
        ActionTrackFeedback(following),
        ActionCheckDossier(checking),
        ActionHelp(contact, services.dossiers.has_sample),
        *(ActionSay(name, response, contact) for name, response in SAYINGS.items()),
    ]
    offering = [_offering(each, desk) for each in actions]
    # A code that is shown, or the answer to a question about a case, goes before a story.
    talking = [
        Behind(DuringTelling(Behind(each, checking), telling), following) for each in offering
    ]
    return [
        Arriving(talk, _in_groups(alone), contact, telling.recount)
        for talk, alone in zip(talking, offering, strict=True)
    ]


def _in_groups(action: Action) -> Action:
    """Return what answers where others read along: no open talk, and nothing personal."""
    name = action.name()
    return ActionPersonal(name) if name in PERSONAL else action


def _offering(action: Action, desk: ProcedureDesk) -> Action:
    if isinstance(action, SpeakingAction) and action.name() in OFFERING:
        return OfferingProcedures(action, desk)
    return action
