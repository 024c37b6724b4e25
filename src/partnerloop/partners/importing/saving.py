"""Saving a checked import, batch by batch, each with what undoes it.

Each batch is a transaction of its own, so that answers that arrive meanwhile wait for no more than
one. A crash in between loses nothing: the next worker goes on after the last batch.
"""

from collections import Counter
from datetime import datetime

from django.db import DataError, IntegrityError, transaction

from partnerloop.accounts.models import Membership
from partnerloop.core.models import record_audit
from partnerloop.core.outbox import Happening, publish
from partnerloop.partners.contacting import withdraw_waiting
from partnerloop.partners.counting import tell_of_signals
from partnerloop.partners.importing.beginning import NotNow, ways_of
from partnerloop.partners.importing.checking import Beat, batched, finding_of, placer_of
from partnerloop.partners.importing.keeping import shelf_of
from partnerloop.partners.importing.placing import Placer
from partnerloop.partners.importing.rows import RowReader, Wrong
from partnerloop.partners.importing.shapes import SHAPES
from partnerloop.partners.importing.tables import Line
from partnerloop.partners.models import ImportKind, ImportRun, ImportState

SAVED = "import.saved"
AT_WORK = "Another import of this program is being saved. Confirm this one when it has finished."
CLASH = "Somebody changed the same rows meanwhile. Check the file again: what was saved stays."
DELETED = "The file is not kept any more. Choose it again."


def confirm(run: ImportRun, *, by: Membership | None, at: datetime) -> None:
    """This will begin saving; one import per program at a time, or `NotNow`."""
    try:
        with transaction.atomic():
            moved = (
                ImportRun.objects.of(run.program_id)
                .filter(pk=run.pk, state=ImportState.CHECKED)
                .update(state=ImportState.SAVING, confirmed_at=at, confirmed_by=by, rows_done=0)
            )
    except IntegrityError:
        raise NotNow(AT_WORK) from None
    if not moved:
        raise NotNow("This import was confirmed already, or has to be checked first.")
    run.refresh_from_db()


def save(run: ImportRun, *, at: datetime, beat: Beat = lambda: None) -> None:
    """This will save the rows that are right; called again, it goes on where it stopped."""
    if run.state != ImportState.SAVING:
        return
    finding = finding_of(run)
    if finding is None:
        _stop(run, DELETED)
        return
    by = run.confirmed_by
    try:
        placer = placer_of(run, by=by, at=at)
        reader = RowReader(SHAPES[ImportKind(run.kind)], run.mapping, ways_of(run))
        batches = Batches(run, placer, reader, set(finding.wrong))
        for lines in batched(shelf_of(run.pk).lines(skip=run.rows_done)):
            batches.save(lines)
            beat()
        with transaction.atomic():
            placer.finish()
            placer.writer.write(run)
            batches.count()
            _end(run, at=at)
    except Overtaken:
        run.refresh_from_db()
    except (IntegrityError, DataError):
        _stop(run, CLASH)


class Overtaken(RuntimeError):
    """Another worker goes on with this import."""


class Batches:
    """The batches of one run, and what they came to."""

    def __init__(self, run: ImportRun, placer: Placer, reader: RowReader, wrong: set[int]) -> None:
        self.run, self.placer, self.reader, self.wrong = run, placer, reader, wrong
        self.new = Counter(run.counts.get("new", {})) if run.rows_done else Counter[str]()
        self.changed = Counter(run.counts.get("changed", {})) if run.rows_done else Counter[str]()
        self.saved = run.counts.get("saved", 0) if run.rows_done else 0

    def save(self, lines: list[Line]) -> None:
        """Save one batch, in one transaction."""
        for line in lines:
            row = None if line.number in self.wrong else self.reader.read(line)
            if row is None or isinstance(row, list):
                continue
            try:
                self.placer.place(row)
                self.saved += 1
            except Wrong:
                continue  # right when it was checked, and not any more: left out, and counted so
        with transaction.atomic():
            self._go_on(len(lines))
            withdraw_waiting(self.run.program_id, self.placer.writer.addresses_given_up)
            self.placer.writer.write(self.run)
            self.count()
            self.run.save(update_fields=["counts"])

    def _go_on(self, rows: int) -> None:
        """Claim the batch: a worker whose lease ran out may have a successor at work."""
        stands = ImportRun.objects.of(self.run.program_id).filter(
            pk=self.run.pk, state=ImportState.SAVING, rows_done=self.run.rows_done
        )
        if not stands.update(rows_done=self.run.rows_done + rows):
            raise Overtaken
        self.run.rows_done += rows

    def count(self) -> None:
        """Write down what was made and changed so far."""
        tally = self.placer.writer.tally
        self.run.counts = {
            "rows": self.run.rows,
            "saved": self.saved,
            "wrong": self.run.rows_done - self.saved,
            "new": dict(self.new + Counter(tally.new)),
            "changed": dict(self.changed + Counter(tally.changed)),
        }


def _end(run: ImportRun, *, at: datetime) -> None:
    stands = ImportRun.objects.of(run.program_id).filter(pk=run.pk, state=ImportState.SAVING)
    if not stands.update(state=ImportState.SAVED, saved_at=at, failure="", counts=run.counts):
        raise Overtaken
    run.state, run.saved_at, run.failure = ImportState.SAVED, at, ""
    if run.counts["changed"].get("contact"):
        publish(Happening(SAVED, f"{SAVED}:{run.pk}", run.program_id, {"run": str(run.pk)}), at=at)
    if run.kind == ImportKind.SIGNALS:
        tell_of_signals(run.program_id, None, at=at)
    note(run, "import.saved", by=run.confirmed_by, at=at)


def _stop(run: ImportRun, why: str) -> None:
    run.state, run.failure = ImportState.FAILED, why
    run.save(update_fields=["state", "failure"])


def note(run: ImportRun, action: str, *, by: Membership | None, at: datetime) -> None:
    """This will write an audit row: who, when, how many rows of what; no value of anybody."""
    kinds = [f"{table}: {n} new" for table, n in sorted(run.counts.get("new", {}).items()) if n]
    kinds += [f"{t}: {n} changed" for t, n in sorted(run.counts.get("changed", {}).items()) if n]
    record_audit(
        action,
        at=at,
        actor=f"user:{by.user_id}" if by else "system",
        target=f"import:{run.pk}",
        program_id=run.program_id,
        fields=tuple(kinds),
    )
