"""What the gallery shows. Awkward on purpose: long names, right-to-left words, 0 and 10, gaps."""

from datetime import date, timedelta

from partnerloop.core.words import Figure, Shift
from partnerloop.web.charts import Event, Moment, ivl, shared_scale
from partnerloop.web.components import (
    Advised,
    Banner,
    Change,
    Choice,
    Choices,
    Column,
    Empty,
    Entry,
    Field,
    Hidden,
    InboxLine,
    Loop,
    LoopStep,
    Message,
    MetricLine,
    Move,
    Pager,
    Pills,
    Reading,
    Row,
    Said,
    Scale0to10,
    ScoreCard,
    Step,
    Table,
    Who,
)
from partnerloop.web.shell import Place, Shell

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
ARABIC = "نحتاج إلى مواعيد تسليم يمكن الاعتماد عليها قبل أن نعد العميل"
NASTY = '<script>alert("x")</script>'
START = date(2025, 12, 1)


def year(first: float, last: float, *, unknown: tuple[int, ...] = ()) -> list[Moment]:
    """Return twelve months that move evenly, with gaps."""
    moments = []
    for n in range(12):
        mean = first + (last - first) * n / 11
        known = Figure(mean, max(0, mean - 0.4), min(10, mean + 0.4))
        moments.append(Moment(START + timedelta(days=30 * n), None if n in unknown else known))
    return moments


TRENDS = [year(6.4, 6.8), year(6.3, 6.1), year(6.2, 5.6, unknown=(3, 4)), year(7.3, 8.4)]
SCALE = shared_scale(*TRENDS, year(7, 10), year(3, 0))
PRIYA = Who("Priya Raman", "channel chief")
KESTREL = Who("Kestrel Automation", "Gold", "#", "firm")
EVENTS = [
    Event(date(2026, 4, 12), "Program relaunch"),
    Event(date(2026, 9, 1), "New manager"),
    Event(date(2026, 9, 8), "New price list"),
]
CARDS = [
    ScoreCard(
        "PartnerScore",
        "#",
        "equal weights of the seven",
        Figure(6.8, 6.7, 6.9),
        move=Move(0.4),
        moments=TRENDS[0],
        scale=SCALE,
        advice=Advised("Partners depend on you.", "Kept promises would lift it most."),
    ),
    ScoreCard(
        "Communication",
        "#",
        figure=Figure(6.1, 5.9, 6.3),
        moments=TRENDS[1],
        scale=SCALE,
        advice=Advised("Marketing contacts pull it down.", "Check who gets the price list."),
    ),
    ScoreCard(
        "Conflict",
        "#",
        "low and well handled",
        Figure(0, 0, 0),
        move=Move(-2.2),
        moments=year(3, 0),
        scale=SCALE,
        advice=Advised("Conflict is high.", "Look for the root causes."),
    ),
    ScoreCard("Cooperation", "#", figure=Figure(5, 2.1, 7.8), moments=TRENDS[1], scale=SCALE),
    ScoreCard(
        "Credibility",
        "#",
        figure=Figure(5.6, 5.4, 5.8),
        move=Move(-0.6),
        moments=TRENDS[2],
        scale=SCALE,
        advice=Advised("Commitments aren’t kept as planned.", "Give each order one date owner."),
    ),
    ScoreCard(
        "Mutual interest",
        like=Figure(6.6, 6.3, 7.0),
        hidden="Not enough answers in the last six months. Shown: partners like this one.",
    ),
    ScoreCard(LONG, "#", hidden="No recent answers."),
    ScoreCard(
        "Commitment",
        "#",
        figure=Figure(10, 10, 10),
        move=Move(None),
        moments=year(7, 10),
        scale=SCALE,
        basis="A batch of 3–4 people, blurred, as of week 46.",
    ),
]
LINES = [
    MetricLine(
        "Communication",
        "",
        Figure(3.4, 2.9, 3.9),
        Figure(6.8, 6.5, 7.1),
        moments=TRENDS[2],
        events=EVENTS,
        scale=SCALE,
        people="10–19",
        advice=Advised("It is low.", "Ask marketing contacts first."),
        basis="Named answers of 5–9 people, and a batch of 3–4 people, blurred, as of week 46.",
    ),
    MetricLine("Conflict", "low and well handled", Figure(7.2, 7.0, 7.4), Figure(6.6, 6.2, 6.9)),
    MetricLine("Cooperation", like=Figure(7.2, 6.4, 7.9), basis="Partners like this one."),
    MetricLine("Social bonding", hidden="Not enough answers in the last six months."),
    MetricLine(LONG, figure=Figure(10, 9.6, 10), people="100+"),
]
CHANGES = [
    Change(
        "Kestrel no longer counts on our delivery dates",
        "#",
        "Credibility",
        Move(-1.7),
        Reading("Aug to Oct", Figure(7.6, 6.9, 8.2)),
        Reading("Last 4 weeks", Figure(5.9, 5.0, 6.7)),
        about=("Kestrel Automation", "Gold, UK and Ireland", "5–9 people"),
        basis="Named answers of 3–4 people and a batch of 3–4 people, blurred, as of week 47",
        quotes=(
            Said("It arrived in week 46 and nobody rang us first.", "Ruth Adeyemi. Named answer"),
            Said(ARABIC, "Someone at Kestrel, week of 9 November"),
        ),
        suggestion="call before Friday and agree one date owner.",
        owner=Who("Daniel Okafor"),
        take_url="#",
        dismiss_url="#",
    ),
    Change(
        f"{LONG} is ready for more",
        "#",
        "Commitment",
        Move(1.1),
        Reading("Jul to Sep", Figure(6.8, 5.9, 7.6)),
        Reading("Last 6 weeks", Figure(10, 10, 10)),
        growth="Open to growth",
    ),
]
STEPS = [
    LoopStep("Asked", [Loop("Distributor support, Q4", "#", "Mei-Lin Chou, for 9 days")]),
    LoopStep("Heard"),
    LoopStep(
        "Understood",
        [
            Loop("Delivery dates", "#", "Daniel Okafor, for 6 days"),
            Loop("Price changes", "#", "Ingrid Solheim, for 21 days", "No owner in Pricing yet"),
        ],
    ),
    LoopStep("Decided", [Loop(f"Objective {n}", "#", "for 3 days") for n in range(6)]),
    LoopStep("Told"),
    LoopStep("Checked", [Loop(LONG, "#", "58 days in all")]),
]
INBOX = [
    InboxLine(
        "routed",
        "My MDF claim took 90 days.",
        "Confidential, Gold, Iberia",
        "",
        "#",
        "4 days late",
        True,
    ),
    InboxLine("received", ARABIC, "One of your partners", "this week", "#"),
    InboxLine("declined", LONG + " " + NASTY, "Yuki Mori, Tanaka Handling", "due Friday", "#"),
]
THREAD = [
    Message("Partner", "week of 9 November", "My MDF claim took 90 days.", "theirs", "partner"),
    Message("Hannah Lindqvist", "18 November", "You are right.\nWas it one deal?", "ours"),
    Message("Partner", "week of 16 November", ARABIC, "theirs", "partner"),
]
TIMELINE = [
    Entry("Received", "week of 9 November"),
    Entry("With Incentives", note="One person decides within ten days", state="now"),
    Entry("Checked", note="Only your answers close this", state="later"),
]
SCALE_QUESTION = Scale0to10(
    "q9",
    "How useful is the answer you get when you ask Northwind something?",
    "useless",
    "exactly what I needed",
    "8",
    "You picked 8 in the e-mail. Change it if you like.",
)
MODES = Choices(
    "mode",
    "Who may know it was you?",
    (
        Choice("named", "Named", "The people at Northwind who look after Alder & Finch see it."),
        Choice(
            "confidential",
            "Confidential",
            "Counts for Alder & Finch only together with at least 2 colleagues.",
            "Colleagues who share their own answers can narrow down yours.",
        ),
    ),
    hint="Choose one. Next time your choice is remembered.",
)
BETTER = Pills(
    "better",
    "Is it better now?",
    (Choice("yes", "Yes, better"), Choice("part", "In part"), Choice("no", "No")),
    hint="A “no” opens it again.",
)
FIELDS = [
    Field("action", "Action", "Close contested deals", hint="Start with a verb."),
    Field("due", "Due", "12 November", error="This date has passed. Choose one from tomorrow on."),
    Field("owner", "Owner", "2", "select", options=(("1", "Tomás Ferreira"), ("2", "Mei-Lin"))),
    Field("note", "Note", NASTY, "textarea", "Partners may read it.", "Too long by 3 letters."),
]
HIDDEN = Hidden("emea", "Not enough answers in the last six months.", "EMEA: 6.9, likely 6.7–7.1.")
TABLE = Table(
    "Partners by score",
    (
        Column("Partner", sort_url="#"),
        Column("PartnerScore, 0 to 10", "full"),
        Column("Score", "lead-num", "#", "descending"),
        Column("In words"),
        Column("Revenue, 12 m", "num"),
    ),
    (
        Row(
            "Vistula Robotyka",
            (ivl(Figure(8, 7.4, 8.5), name="PartnerScore"), "8.0", "High", "€430k"),
            "#",
            "Gold, Poland",
        ),
        Row(LONG, (ivl(None, name="PartnerScore"), "–", "Unknown", "unknown"), "#", ARABIC),
    ),
)
PAGER = Pager("Pages of partners", "26–50 of 300", "#", "#")
WAY = [Step("File", "done"), Step("Columns", "done"), Step("Check", "now"), Step("Confirm")]
EMPTY = Empty("Nothing waits for you", "All comments sent to you are answered.", "#", "See them")
BANNER = Banner(
    "Nothing is being sent: no mail server is set up. Every mail stays on the outbox page.",
    "#",
    "Set up mail",
)
SHIFTS = [("Demo cell", Shift(0.7, 0.2, 1.2)), ("Named contact", Shift(0.2, -0.5, 0.9))]
SHELL = Shell(
    "Northwind Robotics",
    PRIYA,
    places=(
        Place("today", "Today", "#", "today", 4),
        Place("partners", "Partners", "#", "partners"),
        Place("inbox", "Inbox", "#", "inbox", 41),
        Place("pulses", "Pulses", "#", "pulses"),
    ),
    tools=(Place("outbox", "Outbox", "#", "mail"), Place("settings", "Settings", "#", "settings")),
    here="today",
    sign_out_url="#",
    theme_url="#",
    banner=BANNER,
)
