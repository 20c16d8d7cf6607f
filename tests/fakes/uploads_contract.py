"""What every keeper of uploads promises to the channels.

Subclass it where one is at hand: a fixture `uploads` gives it.
"""

import pytest

from bot.feedback.errors import BadFile, Unfit
from tests.fakes.pictures import PDF, PROGRAM, a_picture, opened


class UploadsContract:
    """The promises, one test each."""

    async def test_a_picture_is_kept_for_its_sender_with_a_thumbnail(self, uploads):
        id = await uploads.keep("web", "an", a_picture())
        assert opened(await uploads.thumbnail("web", "an", id)).size == (60, 40)
        assert await uploads.there("web", "an", [id]) == [id]

    async def test_strangers_neither_see_nor_name_nor_forget_it(self, uploads):
        id = await uploads.keep("web", "an", a_picture())
        for channel, sender in (("web", "binh"), ("telegram", "an")):
            assert await uploads.thumbnail(channel, sender, id) is None
            assert await uploads.there(channel, sender, [id]) == []
            await uploads.discard(channel, sender, id)
        assert await uploads.there("web", "an", [id]) == [id]

    async def test_a_file_that_is_no_picture_has_no_thumbnail(self, uploads):
        assert await uploads.thumbnail("web", "an", await uploads.keep("web", "an", PDF)) == b""

    async def test_those_that_are_there_come_in_the_order_asked(self, uploads):
        ids = [await uploads.keep("web", "an", PDF) for _ in range(3)]
        asked = [ids[2], "0" * 32, ids[0]]
        assert await uploads.there("web", "an", asked) == [ids[2], ids[0]]

    async def test_what_is_discarded_is_gone(self, uploads):
        id = await uploads.keep("web", "an", a_picture())
        await uploads.discard("web", "an", id)
        await uploads.discard("web", "an", id)
        assert await uploads.there("web", "an", [id]) == []
        assert await uploads.thumbnail("web", "an", id) is None

    @pytest.mark.parametrize(
        ("body", "problem"), [(b"", Unfit.EMPTY), (PROGRAM, Unfit.KIND)], ids=["empty", "program"]
    )
    async def test_what_cannot_be_taken_is_refused_by_name(self, uploads, body, problem):
        with pytest.raises(BadFile) as refused:
            await uploads.keep("web", "an", body)
        assert refused.value.problem is problem
