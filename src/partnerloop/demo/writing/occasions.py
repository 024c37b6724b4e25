"""What the demo program asks after: deals won lately, and a link that hangs in a portal."""

from datetime import datetime, timedelta

from partnerloop.core.clock import start_of
from partnerloop.demo.world import World
from partnerloop.demo.writing.ecosystem import Ecosystem
from partnerloop.demo.writing.staff import Staff
from partnerloop.loop.linking import post_link
from partnerloop.loop.occasions import Listening, happened, listen
from partnerloop.partners.models import EventKind
from partnerloop.partners.reporting import Known, Occurred

BEGUN = timedelta(days=60)
DAYS_AFTER_A_DEAL = 14
LISTENED = (
    Listening("After a won deal", EventKind.DEAL_WON, DAYS_AFTER_A_DEAL, ("event_sell",)),
    Listening("First thirty days", EventKind.ONBOARDED, 30, ("event_onboard",)),
)


def write_occasions(world: World, staff: Staff, ecosystem: Ecosystem) -> None:
    """This will listen for two events, report the deals of twelve days, and post a link.

    None of their asks is due yet: the queue and the plan show what is coming.
    """
    at = world.at
    for one in LISTENED:
        listen(one, by=staff.chief, at=at - BEGUN)
    post_link("Partner portal, home page", ("touch_portal",), by=staff.chief, at=at - BEGUN)
    for company, when in _won(world, since=at - timedelta(days=DAYS_AFTER_A_DEAL - 2)):
        partner = Known(number=ecosystem.partners[company].pk)
        if world.companies[company].is_active((world.today - world.first_day).days):
            happened(staff.program, Occurred(EventKind.DEAL_WON, partner, when), at=when)


def _won(world: World, *, since: datetime) -> list[tuple[int, datetime]]:
    days = (
        (deal.company, start_of(deal.closed_on) + timedelta(hours=16))
        for deal in world.business.deals
        if deal.stage == "won" and deal.closed_on is not None
    )
    return sorted((company, when) for company, when in days if since <= when < world.at)
