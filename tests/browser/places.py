"""Every page of the product by name: found as people find them, by following links and pressing.

What only exists after something was done (a mail, thanks, a receipt) is done here once.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser, Page, StorageState

from tests.browser.running import Product, call
from tests.supervise.conftest import eventually

FIXED = {
    "first screen": "",
    "partners": "partners/",
    "no partner fits": "partners/?q=nobody+is+called+so",
    "duplicates": "partners/merge/",
    "inbox": "inbox/",
    "nothing found in the inbox": "inbox/?q=nobody+wrote+so",
    "pulses": "pulses/",
    "new pulse": "pulses/new/",
    "templates of pulses": "pulses/templates/",
    "pulses after events": "pulses/events/",
    "limits of signals": "pulses/signals/",
    "check-ins and sessions": "pulses/sessions/",
    "links and squares": "pulses/links/",
    "plan": "pulses/plan/",
    "response and coverage": "pulses/coverage/",
    "objectives": "objectives/",
    "new objective": "objectives/new/?from=easier",
    "launch": "launch/",
    "questions": "questions/",
    "write a question": "questions/new/",
    "metrics": "metrics/",
    "new metric": "metrics/new/",
    "questions as a file": "questions/file/",
    "no question fits": "questions/?q=nobody+asked+so",
    "outbox": "outbox/",
    "members": "people/",
    "departments": "people/departments/",
    "contacts": "people/contacts/",
    "enter a contact": "people/contacts/new/",
    "log": "people/log/",
    "settings": "settings/",
    "exchange rates": "settings/rates/",
    "what you will see": "settings/visibility/",
    "keys and webhooks": "settings/connections/",
    "widget": "settings/widget/",
    "people": "settings/people/?q=a",
    "mail domain": "settings/mail/",
    "start": "start/",
    "name the program": "start/name/",
    "import": "start/import/",
}
FOUND = (
    "partner",
    "partner without a figure",
    "check-in",
    "item",
    "member",
    "contact",
    "edit a contact",
    "department",
    "question",
    "words of a question",
    "metric",
    "words of a metric",
    "preview of a pulse",
    "sent pulse",
    "mail in the outbox",
    "person",
    "merge preview",
)
SECOND = {
    "start of an empty program": "start/",
    "import of an empty program": "start/import/",
    "partners of an empty program": "partners/",
    "inbox of an empty program": "inbox/",
    "pulses of an empty program": "pulses/",
    "outbox of an empty program": "outbox/",
    "first screen of an empty program": "",
    "single sign-on": "settings/single-sign-on/",
}
MANAGED = ("guesses", "partner of a manager", "first screen of a manager")
MEMBERS = (*FIXED, *FOUND, *SECOND, "program chooser", "account")
ANYBODY = (
    "sign-in",
    "sign-in link on its way",
    "sign-in link",
    "spent sign-in link",
    "portal",
    "refused portal link",
    "answer",
    "thanks",
    "receipt",
    "stop",
    "not you",
    "promise",
    "password sign-in",
    "passkey sign-in",
    "join",
    "spent invitation",
    "receipt search",
    "own receipts",
    "unknown invitation",
    "unknown receipt",
    "not found",
)


@dataclass(frozen=True)
class Places:
    """The paths of all pages, and the sessions of a channel chief and of a partner manager."""

    paths: dict[str, str]
    session: StorageState
    managing: StorageState

    def session_for(self, name: str) -> StorageState | None:
        """Return who may see a page; None: anybody."""
        if name in MANAGED:
            return self.managing
        return self.session if name in MEMBERS else None


def signed_in(chromium: Browser, link: str) -> StorageState:
    """This will sign in by a one-time link and return the session."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/s/" not in url)
    session = context.storage_state()
    context.close()
    return session


def find_places(chromium: Browser, product: Product, *, unused_link: str) -> Places:
    """This will walk through the demo program and an empty one, and note where everything is."""
    session = signed_in(chromium, product.door("Channel chief"))
    context = chromium.new_context(base_url=product.address, storage_state=session)
    page = context.new_page()
    page.goto("/")
    program = path_of(page.get_by_role("link", name="Halden").get_attribute("href"))
    paths = {name: program + rest for name, rest in FIXED.items()}
    paths |= {name: "/p/second/" + rest for name, rest in SECOND.items()}
    paths |= {"program chooser": "/", "account": "/account/"}
    page.goto(program + "partners/")
    paths["partner"] = first_link(page, r"partners/\d+/")
    two = [link.inner_text() for link in page.locator("table th a").all()[:2]]
    page.goto(
        f"{program}partners/merge/?{urlencode(dict(zip(('one', 'other'), two, strict=True)))}"
    )
    paths["merge preview"] = path_of(page.url)
    page.goto(program + "settings/people/?q=a")
    paths["person"] = first_link(page, r"settings/people/\d+/")
    paths["check-in"] = paths["partner"] + "check-in/"
    page.goto(program + "partners/?page=99")
    paths["partner without a figure"] = _links(page, r"partners/\d+/")[-1]
    page.goto(program + "inbox/")
    paths["item"] = first_link(page, r"inbox/[0-9a-f-]{36}/")
    page.goto(program + "people/")
    paths["member"] = first_link(page, r"people/members/\d+/")
    page.goto(program + "people/departments/")
    paths["department"] = first_link(page, r"people/departments/\d+/")
    page.goto(program + "people/contacts/")
    paths["contact"] = first_link(page, r"people/contacts/\d+/")
    paths["edit a contact"] = paths["contact"] + "edit/"
    page.goto(program + "questions/")
    paths["question"] = first_link(page, r"questions/\d+/")
    paths["words of a question"] = paths["question"] + "words/en/"
    paths["preview of a pulse"] = draft(page, program, "Looked at only")
    paths["sent pulse"] = draft(page, program, "Sent")
    page.get_by_role("button", name=re.compile("^Send to")).click()
    paths["mail in the outbox"], ask = first_mail(page, program)
    page.goto("/p/second/start/")
    page.get_by_role("button", name="Go to the first screen").click()
    paths["metric"] = _own_metric(page)
    paths["words of a metric"] = paths["metric"] + "words/de/"
    found = _of_anybody(chromium, product, ask, unused_link, program)
    found["join"] = _invited(page, product)
    found["own receipts"] = _receipts_of_somebody(page, program)
    context.close()
    managing = signed_in(chromium, product.door("Partner manager"))
    found |= _of_a_manager(chromium, product, managing, program)
    return Places(paths | found, session, managing)


def _of_a_manager(
    chromium: Browser, product: Product, session: StorageState, program: str
) -> dict[str, str]:
    """Find what waits for a guess, and the partner that the manager of the demo looks after."""
    context = chromium.new_context(base_url=product.address, storage_state=session)
    page = context.new_page()
    page.goto(f"{program}guesses/")
    found = {
        "guesses": path_of(page.url),
        "partner of a manager": first_link(page, r"partners/\d+/"),
        "first screen of a manager": program,
    }
    context.close()
    return found


def _own_metric(page: Page) -> str:
    """Add a metric to the program that has no answers."""
    page.goto("/p/second/metrics/new/")
    for label, words in {
        "Name": "Enablement",
        "What it asks": "Can partners sell without us?",
        "What a low figure means": "They need help.",
        "What a high figure means": "They sell alone.",
        "The question that measures it": "How well are you prepared to sell?",
        "What 0 means": "not at all",
        "What 10 means": "fully",
    }.items():
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_role("button", name="Keep this metric").click()
    page.wait_for_url("**/metrics/our_enablement/")
    return path_of(page.url)


def _invited(page: Page, product: Product) -> str:
    """Invite somebody, and have the operator print the link, as no mail leaves."""
    page.goto("/p/second/people/")
    page.get_by_label("E-mail address").fill("newcomer@vendor.example")
    page.get_by_role("button", name="Send the invitation").click()
    return path_of(call(product.home, "sign-in-link", "newcomer@vendor.example").strip())


def _receipts_of_somebody(page: Page, program: str) -> str:
    """Ask for somebody's receipts, and take the link from the outbox of the demo program."""
    page.goto(f"{program}people/contacts/")
    address = page.locator("table th small").first.inner_text()
    page.goto(f"/receipts/{program.split('/')[2]}")
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_role("button", name="Send the link").click()
    page.goto(f"{program}outbox/")
    page.goto(first_link(page, MAIL))
    return first_link(page, r"/mine/[\w~.-]+$")


def _of_anybody(
    chromium: Browser, product: Product, ask: str, unused_link: str, program: str
) -> dict[str, str]:
    context = chromium.new_context(base_url=product.address, java_script_enabled=False)
    page = context.new_page()
    page.goto(path_of(product.door("An invitation")))
    page.locator(".scale").first.get_by_label("7", exact=True).check()
    page.locator("label[for^=mode-]").first.click()
    page.get_by_role("button", name="Send my answers").click()
    page.wait_for_url("**/thanks")
    found = {
        "sign-in": "/sign-in/",
        "sign-in link on its way": "/sign-in/?sent=1",
        "sign-in link": path_of(unused_link),
        "spent sign-in link": path_of(product.door("Channel chief")),
        "portal": path_of(product.door("Partner's own page")),
        "refused portal link": "/portal/made-up/",
        "answer": ask,
        "thanks": path_of(page.url),
        "receipt": first_link(page, r"/r/[\w~-]+"),
        "stop": f"{ask}/stop",
        "not you": f"{ask}/not-you",
        "receipt search": f"/receipts/{program.split('/')[2]}",
        "password sign-in": "/sign-in/password/",
        "passkey sign-in": "/sign-in/passkey/",
        "spent invitation": "/join/made-up",
        "promise": f"/promise/{program.split('/')[2]}",
        "unknown invitation": "/a/made-up",
        "unknown receipt": "/r/made-up",
        "not found": "/nothing/here/",
    }
    context.close()
    return found


def draft(page: Page, program: str, name: str) -> str:
    """This will draft a pulse for everybody and return the path of its preview."""
    page.goto(f"{program}pulses/new/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="See who is asked what").click()
    page.wait_for_url(re.compile(r"/pulses/\d+/$"))
    return path_of(page.url)


def first_mail(page: Page, program: str) -> tuple[str, str]:
    """This will wait for an invitation in the outbox: return its path and its answer link's."""

    def is_there() -> bool:
        page.goto(f"{program}outbox/")
        for mail in _links(page, MAIL)[:1]:
            page.goto(mail)
        return bool(_links(page, ASK))

    assert eventually(is_there)
    return path_of(page.url), first_link(page, ASK)


MAIL = r"outbox/[0-9a-f-]{36}/"
ASK = r"/a/[\w~-]+$"


def first_link(page: Page, pattern: str) -> str:
    """Return the path of the first link whose address fits."""
    found = _links(page, pattern)
    assert found, f"no link like {pattern} on {page.url}"
    return found[0]


def path_of(url: str | None) -> str:
    """Return the path of an address."""
    assert url is not None
    return urlsplit(url).path


def _links(page: Page, pattern: str) -> list[str]:
    hrefs = [link.get_attribute("href") or "" for link in page.locator("a[href]").all()]
    return [path_of(href) for href in hrefs if re.search(pattern, href)]
