"""Why something cannot be done with a claim at the agency, in English. How the texts are filled in: see `refusals`."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "claim_has_ended": (
        "The claim is {status:word} already.",
        "Look at its history. If the debt is not paid, send the invoice anew or ask the debtor outside the service.",
    ),
    "nothing_is_asked": (
        "The claim is not waiting for anybody.",
        "Load the page again to see where it stands. Nothing was changed.",
    ),
    "letter_is_gone": (
        "The claim's letter was refused for good and cannot be sent again.",
        "Enter a new address if that was what was wrong. Withdraw the claim if there is none.",
    ),
    "address_is_not_asked": (
        "The claim is not waiting for an address.",
        "Load the page again to see where it stands. Nothing was changed.",
    ),
    "address_has_failed": (
        "That is the address where the letter did not reach the customer.",
        "Enter another address. Withdraw the claim if there is none.",
    ),
    "payment_does_not_count": (
        "The claim no longer counts the payment.",
        "Load the page again to see where it stands. Nothing was changed.",
    ),
    "letter_is_leaving": (
        "A letter that counts the payment is on its way, and it is not certain whether it has left us.",
        "Wait until that is settled. Then take the payment back, and the customer gets a corrected letter.",
    ),
    "correction_is_leaving": (
        "The letter that corrects it is on its way, and it is not certain whether it has left us.",
        "Wait until that is settled. If it comes back too, note the return then.",
    ),
    "letter_has_not_left": (
        "No letter in the claim has been handed to a printer or a mail server.",
        "Wait until the letter has left, or close the claim: then the letter never leaves.",
    ),
    "letter_is_not_in_doubt": (
        "The claim is not waiting for word of any letter.",
        "Load the page again to see where it stands. Nothing was changed.",
    ),
    "no_such_batch": (
        "The batch was not fetched at the desk, or it was answered already.",
        "Load the list of batches again to see where it stands. Nothing was changed.",
    ),
    "rate_waits": (
        "A rate of the half-year from {valid_from} waits for approval already: {percent:percent}.",
        "Look it up in the source and approve it, or take it back and enter the right one.",
    ),
    "rate_is_answered": (
        "The rate has been approved or taken back already.",
        "Load the page again to see where it stands. Nothing was changed.",
    ),
}
WORDS: dict[str, str] = {"paid": "paid", "closed": "closed"}
