from dataclasses import dataclass

import pytest

from embedding_core.ground.configurable import Configurable, find, serialize


@dataclass(frozen=True)
class Scale(Configurable):
    factor: float = 2.0
    axis: int = 0

    def __call__(self, x):
        return self.factor * x


KNOWN = {"scale": Scale, "Scale": Scale}


def test_a_configuration_lists_the_arguments_and_gives_them_back():
    assert Scale().get_config() == {"factor": 2.0, "axis": 0}
    assert Scale.from_config({"axis": 1}) == Scale(2.0, 1)
    assert Scale.from_config(Scale(3.0).get_config()) == Scale(3.0)


def test_serialize_names_the_class():
    assert serialize(Scale(3.0)) == {"class_name": "Scale", "config": {"factor": 3.0, "axis": 0}}
    assert serialize(None) is None


def test_serialize_refuses_what_cannot_be_read_back():
    with pytest.raises(ValueError, match=r"has no get_config. Use a class with get_config"):
        serialize(abs)


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("scale", Scale()),
        ("Scale", Scale()),
        ({"class_name": "scale"}, Scale()),
        ({"class_name": "Scale", "config": {"factor": 5.0}}, Scale(5.0)),
        (Scale(7.0), Scale(7.0)),
        (abs, abs),
        (None, None),
    ],
)
def test_find_takes_names_configurations_and_objects(identifier, expected):
    assert find("part", KNOWN, identifier) == expected


def test_find_makes_a_new_object_for_each_name():
    assert find("part", KNOWN, "scale") is not find("part", KNOWN, "scale")


@pytest.mark.parametrize("name", ["scael", {"class_name": "scael"}])
def test_an_unknown_name_is_refused_with_the_nearest_and_the_known_ones(name):
    with pytest.raises(
        ValueError, match=r"unknown part 'scael'. Did you mean 'scale'\? Known here: Scale, scale"
    ):
        find("part", KNOWN, name)


def test_a_name_unlike_all_others_gets_no_hint():
    with pytest.raises(ValueError, match=r"unknown part 'xyz'. Known here: Scale, scale\.$"):
        find("part", KNOWN, "xyz")


@pytest.mark.parametrize("identifier", [3, 2.5, ["scale"], {"config": {}}, Scale, True])
def test_what_is_no_part_is_refused_by_value_and_type(identifier):
    with pytest.raises(TypeError, match="part must be an object, a name or a dictionary") as error:
        find("part", KNOWN, identifier)
    assert repr(identifier) in str(error.value)


def test_a_callable_without_what_is_needed_is_refused_by_name():
    def plain():
        return None

    assert find("part", KNOWN, plain) is plain
    with pytest.raises(TypeError, match=r"part must have rate, other: received <function"):
        find("part", KNOWN, plain, ("rate", "other"))
