"""Addresses of respondent pages: a token each, no account."""

from django.urls import path

from partnerloop.web.respond import (
    answering,
    dropped,
    leaving,
    mine,
    posted,
    promising,
    receipts,
    replying,
    telling,
    wishing,
)

app_name = "respond"
urlpatterns = [
    path("a/<str:token>", answering.answer, name="answer"),
    path("a/<str:token>/thanks", answering.thanks, name="thanks"),
    path("a/<str:token>/all", leaving.trap, name="trap"),
    path("a/<str:token>/stop", leaving.stop, name="stop"),
    path("a/<str:token>/less", wishing.less, name="less"),
    path("a/<str:token>/now", telling.now, name="now"),
    path("a/<str:token>/not-you", leaving.not_you, name="not_you"),
    path("r/<str:token>/thanks", dropped.dropped, name="dropped"),
    path("r/<str:token>/anonymous", replying.anonymous, name="anonymous"),
    path("r/<str:token>/reply/<uuid:comment_id>", replying.reply, name="reply"),
    path("receipts/<slug:slug>", mine.ask, name="find"),
    path("mine/<str:token>", mine.mine, name="mine"),
    path("r/<str:token>/now", telling.from_receipt, name="receipt-now"),
    path("r/<str:token>", receipts.receipt, name="receipt"),
    path("q/<str:token>", posted.posted_link, name="posted"),
    path("me/<str:token>", posted.own_link, name="own_link"),
    path("promise/<slug:slug>", promising.promise, name="promise"),
]
