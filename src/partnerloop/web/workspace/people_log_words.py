"""What the audit log calls what was done, and by which door it came.

No address of a computer is kept with a change: where a member signs in from stands with their
sessions, and a contact's would pair a person with a moment (docs/decisions/0011).
"""

DONE = {
    "api_key.issued": "made an API key",
    "api_key.revoked": "revoked an API key",
    "ask.begun": "opened the questions in the portal",
    "ask.requested": "asked somebody on request",
    "bank.exported": "took the questions away as a file",
    "bank.stocked": "stocked the question bank",
    "contact.basis_set": "wrote down on which ground somebody is written to",
    "contact.changed": "changed a contact",
    "contact.entered": "entered a contact",
    "contact.erased": "erased a person",
    "contact.left": "noted that a contact left a partner",
    "contact.less_often": "asked to be asked less often",
    "contact.placed": "noted where a contact works",
    "contact.resumed": "allowed asking again",
    "contact.snoozed": "asked to wait",
    "contact.stopped": "asked not to be asked",
    "contact.topic_stopped": "stopped a topic",
    "contacts.merged": "merged two contacts",
    "cover.ended": "ended standing in",
    "cover.set": "let somebody stand in",
    "department.changed": "changed a department",
    "department.made": "made a department",
    "department.need_told": "noted what a department needs to know",
    "department.objectives_approved": "approved the objectives for a department",
    "feedback.answered": "answered feedback",
    "feedback.declined": "declined feedback with a reason",
    "feedback.done": "noted that feedback led to something done",
    "feedback.merged": "merged two pieces of feedback",
    "feedback.planned": "planned something for feedback",
    "feedback.routed": "sent feedback to a department",
    "import.begun": "took a file in",
    "import.saved": "saved an import",
    "import.undone": "undid an import",
    "member.ended": "ended a membership",
    "member.invitation_revoked": "took an invitation back",
    "member.invitation_sent_again": "sent an invitation again",
    "member.invited": "invited somebody",
    "member.joined": "joined the program",
    "member.role_changed": "changed a role",
    "merge.undone": "undid a merge",
    "objective.changed": "changed an objective",
    "objective.closed": "closed an objective",
    "objective.set": "set an objective",
    "partner.assigned": "gave a partner to a manager",
    "partner.taken_away": "took a partner from a manager",
    "partners.handed_over": "handed partners over",
    "partners.merged": "merged two partners",
    "partners.taken_back": "took a hand-over back",
    "portal.link_renewed": "had a fresh link to the partner's page mailed",
    "portal.link_sent": "mailed a partner its link",
    "program.asking_set": "set how often people are asked, or how soon answered",
    "program.founded": "founded the program",
    "program.mail_hours_set": "set the hours of mail",
    "program.mail_set": "set the mail server",
    "program.mail_tried": "tried the mail server",
    "program.named": "changed names, language, time or money",
    "program.set_up": "finished the first steps",
    "program.trust_set": "tightened the promise",
    "pulse.drafted": "drafted a pulse",
    "pulse.launched": "sent a pulse",
    "pulse.tried": "sent a pulse to oneself",
    "question.added": "wrote a question of the program's own",
    "question.brought_back": "let a question be asked again",
    "question.retired": "retired a question",
    "question.reworded": "reworded a question",
    "rate.noted": "noted an exchange rate",
    "rate.removed": "removed an exchange rate",
    "table.exported": "took a table away",
    "widget.key_ended": "ended a key of the widget",
    "widget.key_made": "made a key of the widget",
    "widget.origin_allowed": "let a portal show the widget",
    "widget.origin_forbidden": "took a portal off the widget's list",
    "webhook.added": "added a webhook",
    "webhook.paused": "paused a webhook",
    "webhook.removed": "removed a webhook",
    "webhook.resumed": "resumed a webhook",
    "webhook.stopped": "stopped telling a webhook",
    "webhook.sent_again": "told a webhook again",
}
DOORS = {"user": "pages or key", "contact": "a link of their own", "system": "the server"}


def called(action: str) -> str:
    """This will say what was done; an action without words of its own is spelled out."""
    return DONE.get(action, action.replace(".", ": ").replace("_", " "))


def door(actor: str) -> str:
    """This will say by which door a change came."""
    return DOORS.get(actor.partition(":")[0], "the server")
