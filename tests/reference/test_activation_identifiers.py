"""What an ``activation`` argument may be."""

import pytest

from layerproof.reference import activations
from layerproof.reference.identifiers import activation


@pytest.mark.parametrize("name", activations.__all__)
def test_every_activation_goes_by_its_name(name):
    assert activation(name) is getattr(activations, name)


def test_the_other_names():
    assert activation("swish") is activations.silu
    assert activation("hard_swish") is activations.hard_silu


def test_none_is_the_identity_and_a_callable_is_itself():
    assert activation(None) is activations.linear
    assert activation(abs) is abs


@pytest.mark.parametrize("identifier", ["", "ReLU", "reluu", "__all__", "annotations"])
def test_unknown_names_are_refused_with_their_value(identifier):
    with pytest.raises(ValueError, match=repr(identifier)):
        activation(identifier)
