"""An import that the worker gave up is started again; one at work is not."""

from partnerloop.core.models import Event
from partnerloop.partners.models import ImportRun
from tests.web.conftest import NOW


def stuck_run(pages) -> ImportRun:
    return ImportRun.objects.create(
        program=pages.world.program, kind="partners", file_name="long.csv", state="saving",
        rows=5000, rows_done=1000, created_at=NOW, confirmed_at=NOW,
    )  # fmt: skip


def test_an_import_that_stands_still_is_started_again_once(pages, chief) -> None:
    run = stuck_run(pages)
    address = pages.url(f"start/import/{run.pk}/")
    Event.objects.create(
        kind="import.confirmed", key=f"import.confirmed:{run.pk}:old", payload={},
        program_id=pages.world.program.pk, created_at=NOW, available_at=NOW, finished_at=NOW,
        attempts=12, failure="disk full",
    )  # fmt: skip
    assert "Start again" in chief.get(address).text
    chief.post(address + "resume/")
    waiting = Event.objects.filter(kind="import.confirmed", finished_at__isnull=True)
    assert waiting.get().payload == {"run": str(run.pk)}
    assert "Start again" not in chief.get(address).text
    assert "still at work" in chief.post(address + "resume/", follow=True).text
    assert waiting.count() == 1
