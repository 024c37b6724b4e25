"""What the newest run of the built-in attack found, as the page on promises tells it."""

from dataclasses import dataclass
from datetime import date

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
        found = "no answer" if self.sure == 0 else f"{self.sure} answers"
        return (
            f"On {self.on.isoformat()} our built-in attack, which knows all our rules and who "
            f"answered, found out {found} of {self.targets:,} for sure. Its best guess was right "
            f"in {self.alone} % of cases ({self.one_helper} % with one colleague helping, "
            f"{self.most_help} % with all but one); an honest average alone allows "
            f"{self.honest} %."
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
