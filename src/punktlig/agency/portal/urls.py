"""The addresses of the creditors' portal."""

from __future__ import annotations

from django.urls import path

from punktlig.agency.portal import (
    claim_list,
    claim_page,
    closure,
    handling,
    home,
    letters,
    new_address,
    people,
    wrong_payment,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("claims/<str:number>", home.claim_by_number, name="claim-by-number"),
    path("c/<uuid:tenant>/", home.creditor_home, name="creditor"),
    path("c/<uuid:tenant>/people/", people.people, name="people"),
    path("c/<uuid:tenant>/people/<uuid:member>/", people.person, name="person"),
    path("c/<uuid:tenant>/people/<uuid:member>/removal", people.removal, name="person-removal"),
    path("c/<uuid:tenant>/letter-way", people.letter_way, name="letter-way"),
    path("c/<uuid:tenant>/claims/", claim_list.claims, name="claims"),
    path("c/<uuid:tenant>/claims/<uuid:claim>/", claim_page.claim, name="claim"),
    path("c/<uuid:tenant>/claims/<uuid:claim>/closure", closure.closure, name="claim-closure"),
    path("c/<uuid:tenant>/claims/<uuid:claim>/continuation", handling.continuation, name="claim-continuation"),
    path("c/<uuid:tenant>/claims/<uuid:claim>/letter-outcome", handling.letter_outcome, name="letter-outcome"),
    path("c/<uuid:tenant>/claims/<uuid:claim>/letter-return", handling.letter_return, name="letter-return"),
    path("c/<uuid:tenant>/claims/<uuid:claim>/address", new_address.new_address, name="claim-address"),
    path("c/<uuid:tenant>/claims/<uuid:claim>/payments/", wrong_payment.payments, name="claim-payments"),
    path(
        "c/<uuid:tenant>/claims/<uuid:claim>/payments/<uuid:payment>/reversal",
        wrong_payment.reversal,
        name="claim-payment-reversal",
    ),
    path("c/<uuid:tenant>/claims/<uuid:claim>/letters/<uuid:letter>", letters.letter, name="letter"),
    path("c/<uuid:tenant>/claims/<uuid:claim>/letters/<uuid:letter>.pdf", letters.pdf, name="letter-pdf"),
]
