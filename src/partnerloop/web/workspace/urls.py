"""A program's pages for its members, all below /p/<slug>/."""

from django.urls import path

from partnerloop.web.workspace import (
    connections,
    home,
    importing,
    inbox,
    outbox,
    partners,
    pulses,
    sending,
    settings_page,
    sharing,
    start,
    webhooks,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("start/", start.start, name="start"),
    path("start/name/", start.name_program, name="start-name"),
    path("start/finish/", start.finish, name="start-finish"),
    path("start/import/", importing.upload, name="import"),
    path("start/import/<uuid:run_id>/", importing.show, name="import-run"),
    path("start/import/<uuid:run_id>/problems.csv", importing.problems, name="import-problems"),
    path("start/import/<uuid:run_id>/<slug:step>/", importing.act, name="import-act"),
    path("partners/", partners.table, name="partners"),
    path("partners/<int:partner_id>/", partners.scorecard, name="partner"),
    path("partners/<int:partner_id>/share/", sharing.share, name="partner-share"),
    path("inbox/", inbox.folder, name="inbox"),
    path("inbox/<uuid:item_id>/", inbox.show, name="inbox-item"),
    path("inbox/<uuid:item_id>/<slug:step>/", inbox.act, name="inbox-act"),
    path("pulses/", pulses.index, name="pulses"),
    path("pulses/new/", pulses.new, name="pulse-new"),
    path("pulses/<int:pulse_id>/", pulses.show, name="pulse"),
    path("pulses/<int:pulse_id>/test/", sending.test, name="pulse-test"),
    path("pulses/<int:pulse_id>/send/", sending.send, name="pulse-send"),
    path("outbox/", outbox.index, name="outbox"),
    path("outbox/<uuid:mail_id>/", outbox.mail, name="outbox-mail"),
    path("settings/", settings_page.edit, name="settings"),
    path("settings/mail-test/", settings_page.test_mail, name="settings-mail-test"),
    path("settings/connections/", connections.index, name="connections"),
    path("settings/connections/keys/<int:key_id>/", connections.revoke_key, name="key-revoke"),
    path("settings/connections/webhooks/<uuid:endpoint_id>/", webhooks.show, name="webhook"),
    path(
        "settings/connections/webhooks/<uuid:endpoint_id>/<slug:step>/",
        webhooks.act,
        name="webhook-act",
    ),
    path(
        "settings/connections/deliveries/<uuid:delivery_id>/",
        webhooks.send_again,
        name="delivery-replay",
    ),
]
