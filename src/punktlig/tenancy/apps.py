"""The application that holds the one model both sites share: the user."""

from __future__ import annotations

import gc

from django.apps import AppConfig

# A chunk of a thousand claims makes hundreds of thousands of objects that all live until it is stored, and none of
# them is a cycle. At Python's own pace the collector would look through them again and again, for a third of the time.
# So many are more than a chunk holds at once, and in cycles that wait to be found no more than some twenty megabytes.
_OBJECTS_BETWEEN_COLLECTIONS = 200_000


class TenancyConfig(AppConfig):
    """People and whose data they may see. Every process of a site begins here."""

    name = "punktlig.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        """Ask for many ids as one array; collect seldom, and never look at the modules that are loaded by now."""
        from punktlig.tenancy import lookups  # noqa: PLC0415 - Django's models may not be imported before this

        lookups.register()
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 10, 10)
        gc.freeze()
