"""Where a server of web pages takes hold of the site."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aliquot.site.settings")

application = get_wsgi_application()
