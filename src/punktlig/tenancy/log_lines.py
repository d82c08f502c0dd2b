"""What is cut short before it is written to the log."""

from __future__ import annotations

import logging


class ClientsFaultsInALine(logging.Filter):
    """Lets a request that Django refuses as it stands, such as one for another host, take a line.

    Anybody can send such requests, as many as they like; a traceback of ours says nothing about them.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Cut the record down when it is about such a request; every record is written."""
        if record.name.startswith("django.security."):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
        return True
