"""Every letter, ordinary and bare."""

from dataclasses import replace

from partnerloop.integrations.email.letters import (
    FirstQuestion,
    FootLinks,
    InvitationMail,
    NoticeMail,
    OwnLinkMail,
    PortalMail,
    ReceiptMail,
    RecordedNotice,
    ReplyNotice,
    Sender,
    SignInMail,
    Told,
)
from partnerloop.integrations.email.letters import TestMail as ProofMail
from partnerloop.integrations.email.rendering import (
    render_invitation,
    render_notice,
    render_own_link,
    render_portal,
    render_receipt,
    render_recorded,
    render_reply_notice,
    render_sign_in,
    render_test,
)

NORTHWIND = Sender("Northwind Robotics", "Hafenstraße 12, 20457 Hamburg")
LINKS = FootLinks(
    tell_us_now="https://f.example/n/x8",
    less_often="https://f.example/l/x8",
    stop="https://f.example/s/x8",
    privacy="https://f.example/privacy",
)
INVITATION = InvitationMail(
    sender=NORTHWIND,
    name="Claire",
    question=FirstQuestion("How good is it to be a partner?", "very bad", "couldn’t be better"),
    answer_url="https://f.example/a/x8",
    rest="Two more ratings and one line, under a minute.",
    modes="You decide there whether your answer is named or confidential.",
    why="You work on sales at Alder & Finch.",
    told=Told("registering a deal takes nine days.", "It now takes two.", "https://f.example/did"),
    links=LINKS,
)
LETTERS = {
    "invitation": render_invitation(INVITATION),
    "open invitation": render_invitation(
        replace(INVITATION, question=FirstQuestion("What should we do first?"))
    ),
    "bare invitation": render_invitation(
        InvitationMail(
            Sender("Ö"), FirstQuestion("Why?", "no", "yes"), "https://f.example/a/1", "One more."
        )
    ),
    "receipt": render_receipt(ReceiptMail(NORTHWIND, "https://f.example/r/7", "Claire")),
    "own link": render_own_link(OwnLinkMail(NORTHWIND, "https://f.example/me/7", "Ana")),
    "recorded": render_recorded(RecordedNotice(NORTHWIND, "https://f.example/a/7", "Mara", "Ana")),
    "reply": render_reply_notice(
        ReplyNotice(NORTHWIND, "https://f.example/r/7", "Hannah Lindqvist", "Claire", "Yes.\nDone.")
    ),
    "sign-in": render_sign_in(SignInMail(NORTHWIND, "https://f.example/in/9", 15, "Priya")),
    "portal": render_portal(
        PortalMail(NORTHWIND, "https://f.example/c/9", "Alder & Finch", "23 December", "Ruth")
    ),
    "notice": render_notice(
        NoticeMail(
            NORTHWIND,
            "Your password was set",
            ("It happened today.", "Was it you? Then there is nothing to do."),
            "https://f.example/account/",
            "Open your account",
            "Priya",
        )
    ),
    "test": render_test(ProofMail(NORTHWIND, "Northwind", "smtp.example", "https://f.example/s")),
}
