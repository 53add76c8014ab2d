"""A look at the tables behind the pages, for those who keep the site running. Nothing can be changed here."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest

from aliquot.site import permissions
from aliquot.site.models import Person, RoleGrant
from aliquot.site.permissions import Act


class LookingOnly(admin.ModelAdmin):
    """Rows may be seen by those who may look at tables, and written by nobody."""

    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.may(request.user, Act.LOOK_AT_TABLES)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return permissions.may(request.user, Act.LOOK_AT_TABLES)

    def has_add_permission(self, request: HttpRequest, *_args: object) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Person)
class PersonAdmin(LookingOnly):
    list_display = ("name", "other_name", "is_active", "joined_at", "last_login")
    exclude = ("password",)


@admin.register(RoleGrant)
class RoleGrantAdmin(LookingOnly):
    list_display: ClassVar = ("person", "role", "granted_at", "granted_by", "ended_at", "ended_by")
    list_filter = ("role",)
    list_select_related = ("person", "granted_by", "ended_by")


def may_enter(request: HttpRequest) -> bool:
    return permissions.may(request.user, Act.LOOK_AT_TABLES)


admin.site.has_permission = may_enter
