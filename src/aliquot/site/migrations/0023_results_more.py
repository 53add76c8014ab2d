"""A table of results on its way in keeps the mapping by which it is read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0022_register_more")]

    operations = [
        migrations.AddField(
            model_name="resultsdraft", name="mapping", field=models.TextField(blank=True, default="")
        ),
    ]
