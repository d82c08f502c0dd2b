"""What every message to the agency carries: its exact bytes, and when it is tried next."""

from __future__ import annotations

from django.db import models


class Outgoing(models.Model):
    """A message that is sent, the same bytes at every attempt, until it has an answer.

    `leased_until` is set by the worker that has it in hand; a worker that dies leaves a lease that runs out.
    `last_problem` is the latest answer that was no answer (a time-out, 503, 401 …), in words for a person.
    """

    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    last_problem = models.CharField(max_length=300, blank=True)
    first_tried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
