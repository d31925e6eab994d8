"""What stands in for a name of Keras or TensorFlow that the package does not have.

It may be imported, passed around and named in a table of test cases. Whoever uses it (calls it,
asks what is an instance of it, makes an object of a subclass) gets `Outside`, with the name.
"""


class Outside(BaseException):
    """A test needs something that is not there; the message is its name.

    No `Exception`, so that neither a test nor the package takes it for one of its own errors.
    """


class Absent:
    """A name without a thing."""

    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return f"<absent {self._name}>"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self._name}.{name}")

    def _used(self, *args, **kwargs):
        raise Outside(self._name)

    __call__ = __iter__ = __getitem__ = __len__ = __instancecheck__ = _used
    __add__ = __radd__ = __mul__ = __rmul__ = __sub__ = __neg__ = __array__ = _used

    def __mro_entries__(self, bases):
        name = self._name

        class Stand:
            def __new__(cls, *args, **kwargs):
                raise Outside(name)

            def __init_subclass__(cls, **kwargs):
                pass

        return (Stand,)
