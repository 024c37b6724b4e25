"""What the demo vendor wants to reach, and what its departments need to know."""

from datetime import datetime, timedelta
from decimal import Decimal

from partnerloop.demo.writing.staff import Staff
from partnerloop.partners.models import Objective
from partnerloop.partners.objectives import Aim, approve, set_objective, tell_need

NEEDS = {
    "supply": "Which deliveries do partners plan around, and which ones surprise them?",
    "support": "Where do partners wait for us while their own customer is waiting for them?",
    "product": "Which missing feature costs partners deals that they tell nobody about?",
    "marketing": "Which of our campaigns do partners use as they are?",
    "finance": "Which payout or invoice do partners have to ask us about twice?",
}
ANY_NEED = "What do partners wish we knew before they tell us?"
AGREED_FOR = timedelta(days=7)


def write_objectives(staff: Staff, *, at: datetime) -> Objective:
    """This will set two objectives a month ago; every department agreed within a week.

    It returns the one that the standing pulse serves.
    """
    month_ago = at - timedelta(days=30)
    due = at.date() + timedelta(days=120)
    easier = Aim(
        "Be easier to work with",
        why="Find what slows partners down where they work with us every day.",
        sponsor=staff.executive,
        measure="communication",
        target=Decimal("7.5"),
        due_on=due,
        questions=("touch_portal", "touch_deal_registration"),
        template="portal",
    )
    keep = Aim(
        "Keep the partners that matter most",
        why="Hear early when something changes, before a partner looks elsewhere.",
        sponsor=staff.chief,
        measure="commitment",
        target=Decimal("8.0"),
        due_on=due,
        template="important",
    )
    set_objective(staff.program, easier, by=staff.chief, at=month_ago)
    served = set_objective(staff.program, keep, by=staff.chief, at=month_ago)
    for key, department in staff.departments.items():
        by = department.lead or staff.chief
        tell_need(department, NEEDS.get(key, ANY_NEED), by=by, at=month_ago)
        approve(department, by=by, at=month_ago + AGREED_FOR)
    return served
