"""Thanks for an anonymous answer: the only page that hands out its receipt."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerloop.core.speaking import spoken
from partnerloop.responses.reply import open_anonymous
from partnerloop.web.components import Entry
from partnerloop.web.respond.linking import nowhere
from partnerloop.web.respond.pages import Letterhead, Links, ThanksPage


def to_thanks(token: str) -> HttpResponse:
    """This will lead to the thanks in the language that was just spoken; it is kept nowhere."""
    url = reverse("respond:dropped", args=[token])
    return redirect(f"{url}?in={translation.get_language() or ''}")


@never_cache
@require_safe
def dropped(request: HttpRequest, token: str) -> HttpResponse:
    """Thank an anonymous person; nothing but this link leads to what they said."""
    found = open_anonymous(token)
    if found is None:
        return nowhere(request)
    program = found.program
    language = spoken(request.GET.get("in", ""), program.language)
    with translation.override(language):
        page = ThanksPage(
            letterhead=Letterhead(program.vendor_name, language=language),
            counts_as=gettext(
                "They count as anonymous: without your name or company, in a large group only."
            ),
            receipt_url=request.build_absolute_uri(reverse("respond:receipt", args=[token])),
            next_steps=[
                Entry(gettext("Your answers are sealed"), state="done"),
                Entry(gettext("Once a week they are mixed with those of others"), state="now"),
                Entry(gettext("You see what came of your words on your receipt"), state="later"),
            ],
            links=Links(promise=reverse("respond:promise", args=[program.slug])),
        )
        return render(request, "respond/thanks.html", {"page": page})
