"""The app's name to Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AliquotConfig(AppConfig):
    name = "aliquot.site"
    label = "aliquot"
    verbose_name = _("Aliquot")
    default_auto_field = "django.db.models.BigAutoField"
