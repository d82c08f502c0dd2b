"""How far the agency's feed of events has been read. The events themselves are lines of history.

What could not be applied to its company is set aside, so that the feed goes on for the others.
"""

from __future__ import annotations

from django.db import models

from punktlig.receivables.records.rows import CompanyRow


class FeedCursor(models.Model):
    """How far the agency's feed of events has been read. One row: an installation is one platform."""

    id = models.IntegerField(primary_key=True, default=1)
    cursor = models.CharField(max_length=100, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    last_problem = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "receivables_feed_cursor"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_feed"),)

    def __str__(self) -> str:
        return self.cursor


class EventSetAside(CompanyRow):
    """An event that waits to be applied, by its own id: it could not be, or one of its company before it could not.

    `content` is the event as it was told. It is removed when it has been applied.
    """

    at = models.DateTimeField()
    sequence = models.IntegerField()
    content = models.TextField()
    set_aside_at = models.DateTimeField()

    class Meta:
        db_table = "receivables_event_set_aside"
        indexes = (models.Index(fields=["company", "at", "sequence", "id"], name="event_by_turn"),)
