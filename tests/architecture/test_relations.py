"""Rows point downward, like imports: a relation by name would escape the import contracts."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Field, Model

from tests.architecture.test_imports import GUARDS, exists
from tests.architecture.tree import floors

HEIGHT = {room: height for height, floor in enumerate(reversed(floors())) for room in floor if room}


def our_models() -> Iterator[type[Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("partnerloop."):
            yield model


def room_of(model: type[Model]) -> str:
    return model.__module__.split(".")[1]


def relations() -> Iterator[tuple[type[Model], "Field", type[Model]]]:
    """Walk the relations that our models declare, to our models."""
    for model in our_models():
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            target = field.related_model
            if isinstance(target, type) and target.__module__.startswith("partnerloop."):
                yield model, field, target


def test_our_models_do_relate_to_each_other() -> None:
    assert len(list(relations())) > 20


def test_a_relation_points_to_its_own_room_or_to_a_lower_one() -> None:
    upward = [
        f"{model._meta.label}.{field.name} -> {target._meta.label}"
        for model, field, target in relations()
        if room_of(model) != room_of(target) and HEIGHT[room_of(model)] <= HEIGHT[room_of(target)]
    ]
    assert upward == []


def test_a_guarded_table_is_pointed_at_only_by_its_readers() -> None:
    """A foreign key is a join: whoever holds one can read what hangs on it."""
    readers = {
        f"partnerloop.{module}": allowed for module, allowed in GUARDS.items() if exists(module)
    }
    joined = [
        f"{model._meta.label}.{field.name} -> {target._meta.label}"
        for model, field, target in relations()
        for module, allowed in readers.items()
        if f"{target.__module__}.".startswith(f"{module}.")
        and model.__module__ != target.__module__
        and room_of(model) != room_of(target)
        and room_of(model) not in allowed
    ]
    assert joined == []


def test_no_guarded_row_can_be_reached_backwards_from_a_lower_room() -> None:
    """`partner.answers` would be a way round the guards without an import: related_name="+"."""
    guarded = tuple(f"partnerloop.{module}." for module in GUARDS)
    ways = [
        f"{target._meta.label}.{field.remote_field.get_accessor_name()}"
        for model, field, target in relations()
        if f"{model.__module__}.".startswith(guarded)
        and not f"{target.__module__}.".startswith(guarded)
        and not field.remote_field.hidden
    ]
    assert ways == []
