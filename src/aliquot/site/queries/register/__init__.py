"""Reading the public record for its pages: frozen values of what each page shows, in the active language.

The record is shipped with the program and read once; none of these asks the database.
"""

from aliquot.site.queries.register import contradictions, home, missions, rounds, sources, transfers

__all__ = ["contradictions", "home", "missions", "rounds", "sources", "transfers"]
