"""Tables of this part; nothing yet."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0009_access_is_append_only")]
    operations = []
