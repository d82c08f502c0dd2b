"""Everything the site stores, gathered for Django; each record has its own module."""

from punktlig.agency.records.added_rate import AddedRate
from punktlig.agency.records.claim import Claim, ClaimNumber, ClaimStep, ReceivedCommand, RefusedHandover
from punktlig.agency.records.creditor import Creditor, Member, Role
from punktlig.agency.records.creditor_fault import CreditorFault, Work
from punktlig.agency.records.debtor_address import DebtorAddress
from punktlig.agency.records.event import ClaimEvent, FeedEntry, WebhookDelivery
from punktlig.agency.records.journal import JournalEntry, Posting
from punktlig.agency.records.letter import CaughtMail, Delivery, Letter, PrintBatch
from punktlig.agency.records.platform import ApiKey, Platform

__all__ = [
    "AddedRate",
    "ApiKey",
    "CaughtMail",
    "Claim",
    "ClaimEvent",
    "ClaimNumber",
    "ClaimStep",
    "Creditor",
    "CreditorFault",
    "DebtorAddress",
    "Delivery",
    "FeedEntry",
    "JournalEntry",
    "Letter",
    "Member",
    "Platform",
    "Posting",
    "PrintBatch",
    "ReceivedCommand",
    "RefusedHandover",
    "Role",
    "WebhookDelivery",
    "Work",
]
