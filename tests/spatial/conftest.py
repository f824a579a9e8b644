"""Property tests here are not timed one by one: the first example pays for imports."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None, max_examples=60)
settings.load_profile("untimed")
