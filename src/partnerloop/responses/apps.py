"""This room keeps its tables in five modules, so that each can be guarded on its own."""

from importlib import import_module

from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    """Registers the guarded tables beside `models`."""

    name = "partnerloop.responses"

    def import_models(self) -> None:
        super().import_models()
        for guarded in ("identities", "participation", "spoken", "drops", "drafts"):
            import_module(f"{self.name}.{guarded}")
