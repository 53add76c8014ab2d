"""Aliquot: what is true about a collection of returned samples, and a site that shows it.

This package is the library and knows no Django, no clock, no chance, no settings and no database; the site
is the subpackage `aliquot.site`.
"""

__version__ = "0.1.0"
