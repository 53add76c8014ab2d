"""A look at the tables behind the pages, for those who keep the site running. Nothing can be changed here."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

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


class Tables(admin.AdminSite):
    """Has no door of its own: people sign in, with their second factor, where everybody does."""

    site_header = site_title = gettext_lazy("Tables")

    def has_permission(self, request: HttpRequest) -> bool:
        return permissions.may(request.user, Act.LOOK_AT_TABLES)

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:  # noqa: ARG002
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.path))

    def logout(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:  # noqa: ARG002
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:  # noqa: ARG002
        return redirect("account_change_password")


tables = Tables(name="admin")


@admin.register(Person, site=tables)
class PersonTable(LookingOnly):
    list_display = ("name", "other_name", "is_active", "joined_at", "last_login")
    exclude = ("password",)


@admin.register(RoleGrant, site=tables)
class RoleGrantTable(LookingOnly):
    list_display = ("person", "role", "granted_at", "granted_by", "ended_at", "ended_by")
    list_filter = ("role",)
    list_select_related = ("person", "granted_by", "ended_by")
