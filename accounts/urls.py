"""Addresses of the accounts app. `privacy` and `help` stand outside the namespace: every page's footer names them.

Those below `account/` are allauth's, in our form: they stand before its own in mentoring/urls.py.
"""

from allauth.account import views as allauth
from django.urls import include, path

from .reauthentication import fresh_before_typing
from .views import audit, mail, mydata, pages, profile, reauthentication, settings, sign_in

account_urls = [
    path("profile/", profile.profile, name="profile"),
    path("settings/", settings.settings, name="settings"),
    path("settings/snooze/end/", settings.end_snooze, name="snooze_end"),
    path("settings/mail/", mail.sent, name="mail"),
    path("settings/mail/stop/", mail.stop, name="mail_stop"),
    path("settings/data/", mydata.data, name="data"),
    path("settings/data/audit/", audit.concerning, name="audit"),
    path("settings/data/export/", mydata.ask_for_export, name="export"),
    path("settings/data/export/<int:pk>/", mydata.download, name="export_download"),
    path("settings/leave/", mydata.leave, name="leave"),
    path("settings/leave/stay/", mydata.stay, name="stay"),
]

urlpatterns = [
    path("", include((account_urls, "accounts"))),
    path("privacy/", pages.privacy, name="privacy"),
    path("help/", pages.help_page, name="help"),
    path("account/signup/", sign_in.sign_up, name="account_signup"),
    path("account/login/code/", sign_in.request_code, name="account_request_login_code"),
    path("account/login/code/confirm/", sign_in.confirm_code, name="account_confirm_login_code"),
    path("account/reauthenticate/code/", reauthentication.by_code, name="reauthenticate_by_code"),
    path("account/password/set/", fresh_before_typing(allauth.password_set), name="account_set_password"),
]
