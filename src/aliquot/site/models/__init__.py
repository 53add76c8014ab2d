"""Tables: fields, constraints, and how a row is called. Nothing here acts."""

from aliquot.site.models.people import Person, Role, RoleGrant, SignInLink

__all__ = ["Person", "Role", "RoleGrant", "SignInLink"]
