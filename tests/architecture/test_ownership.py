"""Every row belongs to exactly one program, or its table is listed as installation-wide."""

from django.db.models import Model

from partnerloop.programs.models import Program
from partnerloop.programs.scoping import ProgramOwned, ScopedQuerySet
from tests.architecture.test_relations import our_models
from tests.architecture.tree import ROOT, table_of


def listed() -> set[str]:
    rows = table_of(ROOT / "ARCHITECTURE.md", heading="Installation-wide tables")
    return {row[0].strip("`") for row in rows}


def names_its_program(model: type[Model]) -> bool:
    return any(
        field.name == "program" and field.related_model is Program for field in model._meta.fields
    )


def test_a_model_is_owned_by_a_program_or_listed_as_installation_wide() -> None:
    wide = {
        f"{model._meta.app_label}.{model.__name__}"
        for model in our_models()
        if not model._meta.auto_created and not names_its_program(model)
    }
    assert wide == listed()


def test_the_default_query_of_an_owned_model_demands_its_program() -> None:
    unscoped = [
        model._meta.label
        for model in our_models()
        if issubclass(model, ProgramOwned)
        and not isinstance(model._default_manager.all(), ScopedQuerySet)
    ]
    assert unscoped == []
