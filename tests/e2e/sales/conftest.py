"""What the story asserts is told as what a test asserts is."""

import pytest

pytest.register_assert_rewrite("tests.e2e.sales.desk", "tests.e2e.sales.story")
