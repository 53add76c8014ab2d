"""Tables of this part; nothing yet."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0010_calls_shown")]
    operations = []
