"""Everything the site stores, gathered for Django; each record has its own module."""

from punktlig.receivables.records.activation import Activation, TermsVersion
from punktlig.receivables.records.company import Company, Member, Role
from punktlig.receivables.records.customer import Customer
from punktlig.receivables.records.feed import EventSetAside, FeedCursor
from punktlig.receivables.records.handover import Command, Handover
from punktlig.receivables.records.heard_rate import HeardRate
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.imports import ImportedFile, ImportRun
from punktlig.receivables.records.invoice import CreditNote, Invoice, InvoiceLine, Payment
from punktlig.receivables.records.sending_run import SendingRun, SendingRunPart

__all__ = [
    "Activation",
    "Command",
    "Company",
    "CreditNote",
    "Customer",
    "EventSetAside",
    "FeedCursor",
    "Handover",
    "HeardRate",
    "HistoryLine",
    "ImportRun",
    "ImportedFile",
    "Invoice",
    "InvoiceLine",
    "Member",
    "Payment",
    "Role",
    "SendingRun",
    "SendingRunPart",
    "TermsVersion",
]
