"""The form of every row that belongs to a tenant, and of a membership. Each site makes its own of both."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from punktlig.tenancy.models import User


class TenantRow(models.Model):
    """A row of one tenant. The site adds the column that says whose; `BelongToTenant` puts it first in the key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Membership(models.Model):
    """What one user may do for one tenant. The site adds the tenant and the roles."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="%(app_label)s_memberships"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
