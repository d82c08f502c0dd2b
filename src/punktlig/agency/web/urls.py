"""The addresses of the desk."""

from __future__ import annotations

from django.urls import path

from punktlig.agency.web import (
    claims,
    creditors,
    inbox,
    letters,
    people,
    platforms,
    print_batches,
    reference_rates,
    refusals,
)

urlpatterns = [
    path("desk/", inbox.inbox, name="desk"),
    path("desk/claims/", claims.claims, name="desk-claims"),
    path("desk/letters/", letters.letters, name="desk-letters"),
    path("desk/letters/mails/", letters.mails, name="desk-mails"),
    path("desk/letters/mails/<uuid:creditor>/<uuid:mail>/", letters.mail, name="desk-mail"),
    path("desk/letters/mails/<uuid:creditor>/<uuid:mail>.eml", letters.mail_file, name="desk-mail-file"),
    path("desk/letters/batches/", print_batches.batches, name="desk-batches"),
    path("desk/letters/batches/<uuid:batch>/", print_batches.batch, name="desk-batch"),
    path("desk/letters/batches/<uuid:batch>.zip", print_batches.batch_file, name="desk-batch-file"),
    path("desk/letters/batches/<uuid:batch>/receipt", print_batches.batch_receipt, name="desk-batch-receipt"),
    path("desk/refusals/", refusals.refusals, name="desk-refusals"),
    path("desk/creditors/", creditors.creditors, name="desk-creditors"),
    path("desk/people/", people.people, name="desk-people"),
    path("desk/people/<uuid:member>/", people.person, name="desk-person"),
    path("desk/people/<uuid:member>/removal", people.removal, name="desk-person-removal"),
    path("desk/rates/", reference_rates.rates, name="desk-rates"),
    path("desk/rates/new/", reference_rates.new, name="desk-rate-new"),
    path("desk/rates/<uuid:rate>/approval", reference_rates.approval, name="desk-rate-approval"),
    path("desk/rates/<uuid:rate>/withdrawal", reference_rates.withdrawal, name="desk-rate-withdrawal"),
    path("desk/platforms/", platforms.platforms, name="desk-platforms"),
    path("desk/platforms/<uuid:platform>/", platforms.platform, name="desk-platform"),
    path("desk/platforms/<uuid:platform>/keys", platforms.keys, name="desk-keys"),
    path("desk/platforms/<uuid:platform>/keys/<str:key>/revocation", platforms.revocation, name="desk-revocation"),
    path("desk/platforms/<uuid:platform>/webhooks", platforms.webhooks, name="desk-webhooks"),
    path("desk/platforms/<uuid:platform>/webhook-secret", platforms.webhook_secret, name="desk-webhook-secret"),
]
