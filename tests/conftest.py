from hypothesis import HealthCheck, settings

# No deadline, no limit for drawing: no test here asserts a time, and a shared machine is
# sometimes slow, or stands still for a minute.
settings.register_profile(
    "book", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("book")
