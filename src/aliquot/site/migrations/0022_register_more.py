"""By what pages find claims of the register: an index of them in the database, made anew from their steps at any time."""

import django.db.models.deletion
from django.db import migrations, models


def index(apps, schema_editor):
    if apps.get_model("aliquot", "RegisterStep").objects.exists():
        from aliquot.site.operations import register_index

        register_index.remake()


class Migration(migrations.Migration):

    dependencies = [
        ('aliquot', '0020_loans_more'),
    ]

    operations = [
        migrations.CreateModel(
            name='RegisterClash',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField()),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('about', models.CharField(max_length=80)),
                ('says', models.CharField(blank=True, max_length=24)),
                ('chapter', models.CharField(max_length=12)),
                ('since', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='RegisterIndex',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_of', models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='RegisterMention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=12)),
                ('key', models.CharField(max_length=80)),
            ],
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='fate',
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='grade',
            field=models.CharField(blank=True, max_length=1),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='in_force',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='is_dated',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='is_many',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='links',
            field=models.TextField(default='{}'),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='mass_ng',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='object',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='pair',
            field=models.CharField(blank=True, max_length=165),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='says',
            field=models.CharField(blank=True, max_length=24),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='series',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='since',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='sort',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='superseded',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='words',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='registerclaim',
            name='year',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='registerclaim',
            index=models.Index(condition=models.Q(('in_force', True)), fields=['kind', 'sort', 'number'], name='claims_by_date'),
        ),
        migrations.AddIndex(
            model_name='registerclaim',
            index=models.Index(condition=models.Q(('in_force', True)), fields=['kind', 'says', 'series', 'fate', 'state', 'mass_ng', 'since'], name='claims_by_what_is_said'),
        ),
        migrations.AddIndex(
            model_name='registerclaim',
            index=models.Index(condition=models.Q(('in_force', True)), fields=['about', 'says'], name='claims_by_subject'),
        ),
        migrations.AddIndex(
            model_name='registerclaim',
            index=models.Index(condition=models.Q(('in_force', True), models.Q(('object', ''), _negated=True)), fields=['object'], name='claims_by_object'),
        ),
        migrations.AddIndex(
            model_name='registerclaim',
            index=models.Index(condition=models.Q(('in_force', True), ('year__isnull', False)), fields=['year', 'sort'], name='claims_by_year'),
        ),
        migrations.AddIndex(
            model_name='registerclaim',
            index=models.Index(condition=models.Q(('in_force', True), models.Q(('pair', ''), _negated=True)), fields=['pair', 'sort'], name='claims_by_pair'),
        ),
        migrations.AddIndex(
            model_name='registerclash',
            index=models.Index(fields=['chapter', 'key'], name='clashes_by_chapter'),
        ),
        migrations.AddIndex(
            model_name='registerclash',
            index=models.Index(fields=['about'], name='clashes_of_a_subject'),
        ),
        migrations.AddField(
            model_name='registermention',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='aliquot.registerclaim'),
        ),
        migrations.AddIndex(
            model_name='registermention',
            index=models.Index(fields=['role', 'key', 'claim'], name='claims_by_what_they_name'),
        ),
        migrations.RunPython(index, migrations.RunPython.noop),
    ]
