"""The uploads of the tests keep the promises of the real ones."""

import pytest

from tests.fakes.uploads import FakeUploads
from tests.fakes.uploads_contract import UploadsContract


class TestFakeUploads(UploadsContract):
    @pytest.fixture
    def uploads(self):
        return FakeUploads()
