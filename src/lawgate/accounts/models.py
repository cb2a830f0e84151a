"""The one table of ours beside sessions and second factors: an account, and whose it is."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from lawgate.accounts.roles import Post


class Account(AbstractBaseUser):
    """``login`` is what is typed. It belongs to one ``person`` of one ``agency`` in the register, or to a ``post``; never to both.

    No role is kept here: ``roles.parts_of`` reads them from the register.
    """

    login = models.CharField(max_length=100, unique=True)
    person = models.CharField(max_length=200, blank=True)
    agency = models.CharField(max_length=200, blank=True)
    post = models.CharField(max_length=20, blank=True, choices=[(p.value, p.value) for p in Post])
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "login"
    objects = BaseUserManager()

    class Meta:
        """What the database itself refuses."""

        constraints = (
            models.UniqueConstraint(
                fields=["person", "agency"], condition=~Q(person=""), name="account_once_a_person"
            ),
            models.CheckConstraint(
                condition=(~Q(person="") & ~Q(agency="") & Q(post=""))
                | (Q(person="") & Q(agency="") & ~Q(post="")),
                name="account_of_a_person_or_a_post",
            ),
        )
