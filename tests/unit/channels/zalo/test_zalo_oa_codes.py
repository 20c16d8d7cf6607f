"""The table of Zalo's error codes."""

from bot.channels.zalo_oa.codes import REACTIONS, Reaction, reaction_to

# Every code of the protocol's notes, in the groups that they name.
NAMED = {
    Reaction.BACK_OFF: {-32},
    Reaction.RETRY: {-100, -200},
    Reaction.DEGRADE: {-201, -233},
    Reaction.RENEW: {-216, -220},
    Reaction.WAIT_FOR_READER: {-211, -213, -218, -230, -232},
    Reaction.MORNING: {-234},
    Reaction.GIVE_UP: {-210, -217, -227, -244, -248},
    Reaction.ALARM: {-204, -205, -209, -212, -219, -221, -223, -224}
    | {-235, -240, -242, -320, -321},
}


def test_every_code_has_its_reaction():
    by_reaction = {
        reaction: {code for code, (its, _) in REACTIONS.items() if its is reaction}
        for reaction in Reaction
    }
    assert by_reaction == NAMED


def test_a_code_that_nobody_knows_is_tried_again_and_named():
    assert reaction_to(-987) == (Reaction.RETRY, "-987: an error that is not in the table")
