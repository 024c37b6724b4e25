"""Signing in and out, and choosing a program."""

from django.urls import path

from partnerloop.web.accounts import account, joining, programs, second_step, signing_in, signing_on

urlpatterns = [
    path("", programs.choose, name="programs"),
    path("sign-in/", signing_in.ask, name="sign-in"),
    path("sign-in/password/", signing_in.by_password, name="sign-in-password"),
    path("sign-in/passkey/", second_step.by_passkey, name="sign-in-passkey"),
    path("sign-in/second-step/", second_step.second_step, name="second-step"),
    path("sign-in/sso/<slug:slug>/", signing_on.begin, name="sign-on"),
    path("sign-in/sso/<slug:slug>/back/", signing_on.back, name="sign-on-back"),
    path("account/", account.show, name="account"),
    path("account/password/", account.set_password, name="account-password"),
    path("account/app/", account.app, name="account-app"),
    path("account/app/remove/", account.remove_app, name="account-app-remove"),
    path("account/codes/", account.codes, name="account-codes"),
    path("account/passkeys/", account.add_passkey, name="account-passkey"),
    path(
        "account/passkeys/<int:passkey_id>/remove/",
        account.remove_passkey,
        name="account-passkey-remove",
    ),
    path("account/sessions/end/", account.end_sessions, name="account-sessions-end"),
    path(
        "account/sessions/<uuid:session_id>/end/", account.end_session, name="account-session-end"
    ),
    path("sign-out/", signing_in.leave, name="sign-out"),
    # Without a final slash: it ends a line in a mail and on a terminal.
    path("s/<str:token>", signing_in.enter, name="sign-in-link"),
    path("join/<str:token>", joining.join, name="join"),
    path("theme/", programs.set_theme, name="theme"),
]
