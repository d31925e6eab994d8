from hypothesis import settings

# No deadline: no test here asserts a time, and a shared machine is sometimes slow.
settings.register_profile("book", deadline=None, max_examples=60)
settings.load_profile("book")
