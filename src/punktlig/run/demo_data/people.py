"""Who logs in to the demo, where, and with what password. None of them exists."""

from __future__ import annotations

DEMO_PASSWORD = "snickeri-i-lillsjon"  # noqa: S105 - printed by the demo, for the demo

MAJA = ("maja@lillsjons.example", "Maja Lind")
JONAS = ("jonas@lillsjons.example", "Jonas Ek")
SIV = ("siv@lillsjons.example", "Siv Norberg")
ALI = ("ali@ekviken.example", "Ali Berg")
SARA = ("sara@ekviken.example", "Sara Lund")
EVA = ("eva@ekviken.example", "Eva Holm")
