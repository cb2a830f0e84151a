"""Every address of the service. None holds anything of a person: confirmation numbers, ordinals, and links that work once."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

from lawgate.web import (
    collecting,
    console,
    docket,
    entrance,
    keys,
    registering,
    releasing,
    sending,
    sign_in,
    signing,
    stopping,
    subjects,
)
from lawgate.web.api.api import api
from lawgate.web.api.problem import nothing_here

urlpatterns = [
    path("", console.home, name="home"),
    path("about-you/<str:language>/", subjects.subjects, name="subjects"),
    path("begin/<int:number>/<str:token>/", entrance.begin, name="begin"),
    path("account/login/", account.login, name="account_login"),
    path("account/provider/", sign_in.there, name="provider"),
    path("account/provider/back/", sign_in.back, name="provider_back"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/factors/webauthn/keys/<int:pk>/remove/", entrance.remove_passkey),
    path("account/factors/", include("allauth.mfa.urls")),
    path("submissions/", console.submissions, name="submissions"),
    path("submissions/<str:number>/", console.submission, name="submission"),
    path("submissions/<str:number>/docket/", docket.docket, name="docket"),
    path("submissions/<str:number>/docket/<int:ordinal>/", docket.request_line, name="request"),
    path("submissions/<str:number>/docket/group/<int:after>/<int:first>/", docket.group, name="group"),
    path("submissions/<str:number>/answers/", releasing.answers, name="answers"),
    path("submissions/<str:number>/answers/<int:which>/", releasing.batch, name="batch"),
    path("submissions/<str:number>/answers/<int:which>/unanswered/", releasing.unanswered, name="unanswered"),
    path(
        "submissions/<str:number>/answers/<int:which>/sample/<int:ordinal>/",
        releasing.sampled,
        name="sampled",
    ),
    path("signing/<str:number>/", signing.sign, name="sign"),
    path("signing/<str:number>/document/", signing.prepared, name="prepared"),
    path("keys/", keys.keys, name="keys"),
    path("keys/passkey/<str:role>/", keys.new_passkey, name="new_passkey"),
    path("standing/end/", registering.end, name="end"),
    path("keys/revoke/", registering.revoke, name="revoke"),
    path("standing/", console.standing, name="standing"),
    path("stops/order/", stopping.order, name="order"),
    path("stops/lift/", stopping.lift, name="lift"),
    path("stops/determine/", stopping.determine, name="determine"),
    path("stops/", console.stops, name="stops"),
    path("ledger/", console.ledger, name="ledger"),
    path("requests/", sending.requests, name="portal_requests"),
    path("requests/send/", sending.send, name="portal_send"),
    path("requests/<str:number>/", sending.one, name="portal_request"),
    path("requests/<str:number>/withdraw/", sending.withdraw, name="portal_withdraw"),
    path("requests/<str:number>/determinations/", sending.determinations, name="portal_determinations"),
    path("requests/<str:number>/determinations/<str:which>/", sending.determination_file, name="portal_file"),
    path("packages/", collecting.packages, name="portal_packages"),
    path("packages/documents/", collecting.documents, name="portal_documents"),
    path("packages/collect/<str:token>/", collecting.collect, name="portal_collect"),
    path("packages/<str:number>/link/", collecting.link, name="portal_link"),
    path("api/v1/", api.urls),
    path("api/<path:rest>", nothing_here),
]
