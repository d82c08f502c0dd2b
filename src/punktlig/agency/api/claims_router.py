"""The router of claims, one for handing over and reading: methods of one address must lie in one router."""

from ninja import Router

router = Router(tags=["claims"])
