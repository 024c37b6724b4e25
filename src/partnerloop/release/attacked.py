"""What the newest run of the built-in attack found, as the page on promises tells it."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from partnerloop.core.dates import written_day
from partnerloop.programs.models import Program
from partnerloop.release.models import AttackResult


@dataclass(frozen=True, slots=True)
class AttackLine:
    """One run of the attack: counts, and exact best guesses in whole per cent."""

    on: date
    targets: int
    sure: int
    honest: int
    alone: int
    one_helper: int
    most_help: int

    @property
    def sentence(self) -> str:
        """Return the run in one sentence for respondents."""
        told = ngettext(
            "On {day} our built-in attack, which knows all our rules and who answered, found out "
            "one answer of {targets} for sure.",
            "On {day} our built-in attack, which knows all our rules and who answered, found out "
            "{sure} answers of {targets} for sure.",
            self.sure,
        )
        if self.sure == 0:
            told = gettext(
                "On {day} our built-in attack, which knows all our rules and who answered, found "
                "out no answer of {targets} for sure."
            )
        guess = gettext(
            "Its best guess was right in {alone} % of cases ({one_helper} % with one colleague "
            "helping, {most_help} % with all but one); an honest average alone allows {honest} %."
        )
        return f"{told} {guess}".format(
            day=written_day(self.on),
            sure=self.sure,
            targets=number_format(self.targets, force_grouping=True),
            alone=self.alone,
            one_helper=self.one_helper,
            most_help=self.most_help,
            honest=self.honest,
        )


def latest(program: Program) -> AttackLine | None:
    """Return the newest run, or None where the attack has never been run."""
    row = AttackResult.objects.of(program).order_by("-on", "-pk").first()
    if row is None:
        return None
    return AttackLine(
        on=row.on,
        targets=row.targets,
        sure=row.sure + row.own_sure,
        honest=row.honest,
        alone=row.alone,
        one_helper=row.one_helper,
        most_help=row.most_help,
    )
