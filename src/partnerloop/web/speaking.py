"""Which language a page speaks: partners read theirs, the vendor's own pages are English."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

Answer = Callable[[HttpRequest], HttpResponse]
FOR_PARTNERS = (
    *("/a/", "/r/", "/q/", "/me/", "/mine/"),
    *("/receipts/", "/promise/", "/portal/", "/widget/"),
)


def speak_to_partners(get_response: Answer) -> Answer:
    """This will start pages for partners in the language their browser asks for.

    A page that knows its reader changes to that person's language. All other pages have no other
    words than the English ones; half of a page in another language would help nobody.

    These pages are read on phones, so they travel compressed. Whoever could have something
    repeated on one of them holds its link already: there is no other secret on it to be guessed
    from its length, and Django adds a random part.
    """
    squeezer = GZipMiddleware(get_response)

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(FOR_PARTNERS):
            with translation.override(settings.LANGUAGE_CODE):
                return get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            response = get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        squeezer.process_response(request, response)
        return response

    return answer
