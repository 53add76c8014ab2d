"""Loans, agreements and parcels; deeds and exchanges; shows and sets for schools; inventories in the making, wishes, calendar links.

What was done, told and weighed is only ever added: the database refuses to change it. Who answers for a loan is not among it,
for that names people.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ledger = import_module("aliquot.site.migrations.0003_ledger_is_append_only")

TABLES = (
    "aliquot_agreementstep",
    "aliquot_loanstep",
    "aliquot_loaninventory",
    "aliquot_inventoryline",
    "aliquot_returncheck",
    "aliquot_loanfile",
    "aliquot_parcelstep",
    "aliquot_exchange",
    "aliquot_exchangeleg",
    "aliquot_deed",
    "aliquot_deeditem",
    "aliquot_deedreceipt",
    "aliquot_showstep",
    "aliquot_loanwishstep",
)


def forbid(apps, schema_editor):
    ledger.forbid_on(TABLES, schema_editor)


def allow(apps, schema_editor):
    ledger.allow_on(TABLES, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0015_plans")]
    operations = [
        migrations.CreateModel(
            name='Exchange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('title_en', models.CharField(max_length=300)),
                ('title_zh', models.CharField(blank=True, max_length=300)),
                ('instrument', models.TextField()),
                ('when', models.CharField(default='?', max_length=40)),
                ('sources', models.CharField(blank=True, max_length=200)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Deed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('gift', 'gift'), ('donation', 'donation'), ('exchange', 'exchange'), ('transfer', 'transfer'), ('deposit', 'deposit')], max_length=10)),
                ('way', models.CharField(choices=[('given', 'given'), ('received', 'received')], max_length=10)),
                ('giver', models.CharField(max_length=300)),
                ('receiver', models.CharField(max_length=300)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('occasion', models.TextField(blank=True)),
                ('instrument', models.TextField()),
                ('when', models.CharField(max_length=40)),
                ('first', models.DateField(null=True)),
                ('last', models.DateField(null=True)),
                ('passes_title', models.BooleanField()),
                ('present_holder', models.TextField(blank=True)),
                ('sources', models.CharField(blank=True, max_length=200)),
                ('note', models.TextField(blank=True)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('answers', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answered_by', to='aliquot.deed')),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deeds', to='aliquot.holder')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='aliquot.deed')),
                ('exchange', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deeds', to='aliquot.exchange')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('instrument', ''), _negated=True), name='a_deed_has_an_instrument'),
                ],
                'ordering': ('first', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='DeedReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField()),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('deed', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='aliquot.deed')),
            ],
        ),
        migrations.CreateModel(
            name='ExchangeLeg',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('given', 'given'), ('received', 'received')], max_length=10)),
                ('party', models.CharField(max_length=300)),
                ('what', models.CharField(max_length=300)),
                ('share_over', models.BigIntegerField()),
                ('share_under', models.BigIntegerField()),
                ('base_ng', models.BigIntegerField(null=True)),
                ('exchange', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='legs', to='aliquot.exchange')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('exchange', 'way'), name='an_exchange_has_a_leg_each_way'),
                    models.CheckConstraint(condition=models.Q(('share_over__gt', 0), ('share_under__gte', models.F('share_over'))), name='a_share_is_of_the_whole'),
                ],
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='LoanAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(default='drafted', max_length=20)),
                ('modality', models.CharField(max_length=20)),
                ('policy', models.CharField(max_length=40)),
                ('policy_text', models.TextField()),
                ('use_class', models.CharField(max_length=30)),
                ('told', models.JSONField()),
                ('clauses', models.JSONField()),
                ('text_en', models.TextField()),
                ('text_zh', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('begins', models.DateField()),
                ('ends', models.DateField()),
                ('sign_by', models.DateField(null=True)),
                ('sign_by_years_unknown', models.JSONField(default=list)),
                ('by', models.CharField(max_length=120)),
                ('made_at', models.DateTimeField()),
                ('amends', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amended_by', to='aliquot.loanagreement')),
                ('borrower', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='aliquot.request')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ('drafted', 'offered', 'withdrawn', 'signed', 'declined', 'lapsed', 'in force', 'replaced', 'ended'))), name='an_agreement_is_in_a_state_of_the_table'),
                    models.CheckConstraint(condition=models.Q(('ends__gt', models.F('begins'))), name='an_agreement_ends_after_it_begins'),
                ],
                'ordering': ('-made_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Loan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(default='prepared', max_length=20)),
                ('modality', models.CharField(max_length=20)),
                ('use_class', models.CharField(max_length=30)),
                ('months', models.PositiveIntegerField()),
                ('renewals', models.PositiveIntegerField()),
                ('renewal_months', models.PositiveIntegerField()),
                ('inventory_months', models.PositiveIntegerField()),
                ('agreed_until', models.DateField()),
                ('renewed_months', models.JSONField(default=list)),
                ('begins', models.DateField(null=True)),
                ('recalled_by', models.DateField(null=True)),
                ('inventoried_on', models.DateField(null=True)),
                ('made_at', models.DateTimeField()),
                ('holder', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='loan', to='aliquot.holder')),
                ('agreement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='loan', to='aliquot.loanagreement')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ('prepared', 'in transit', 'cancelled', 'with borrower', 'lost', 'recalled', 'returned', 'closed'))), name='a_loan_is_in_a_state_of_the_table'),
                ],
                'ordering': ('-made_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='AgreementStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField()),
                ('act', models.CharField(max_length=20)),
                ('target', models.CharField(max_length=20)),
                ('told', models.JSONField(default=dict)),
                ('reason', models.TextField(blank=True)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.storedfile')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='aliquot.loanagreement')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('agreement', 'order'), name='steps_of_an_agreement_are_numbered'),
                ],
                'ordering': ('order',),
            },
        ),
        migrations.CreateModel(
            name='AgreementLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField()),
                ('mass_ng', models.BigIntegerField()),
                ('whole', models.BooleanField(default=False)),
                ('form', models.CharField(blank=True, max_length=20)),
                ('consumed_most_ng', models.BigIntegerField(default=0)),
                ('basis', models.CharField(max_length=200)),
                ('commitment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.commitment')),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreement_lines', to='aliquot.sample')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='aliquot.loanagreement')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('agreement', 'order'), name='lines_of_an_agreement_are_numbered'),
                    models.CheckConstraint(condition=models.Q(('mass_ng__gt', 0)), name='what_is_agreed_has_mass'),
                    models.CheckConstraint(condition=models.Q(('consumed_most_ng__gte', 0), ('consumed_most_ng__lte', models.F('mass_ng'))), name='no_more_is_used_up_than_is_lent'),
                ],
                'ordering': ('order',),
            },
        ),
        migrations.CreateModel(
            name='LoanDuty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=300)),
                ('institution', models.CharField(max_length=300)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('why', models.CharField(max_length=24)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('by', models.CharField(max_length=120)),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='aliquot.loan')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='loan_duties', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('until', None)), fields=('loan',), name='one_person_answers_for_a_loan'),
                ],
                'ordering': ('since', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='LoanInventory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('findings', models.JSONField(default=list)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inventories', to='aliquot.loan')),
            ],
            options={
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='InventoryLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(max_length=12)),
                ('note', models.TextField(blank=True)),
                ('mass_ng', models.BigIntegerField(null=True)),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.storedfile')),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.sample')),
                ('inventory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='aliquot.loaninventory')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('inventory', 'sample'), name='an_inventory_speaks_of_a_sample_once'),
                ],
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='LoanItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consumed_most_ng', models.BigIntegerField(default=0)),
                ('added_at', models.DateTimeField()),
                ('ended', models.CharField(blank=True, max_length=20)),
                ('ended_at', models.DateTimeField(null=True)),
                ('commitment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.commitment')),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='aliquot.agreementline')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='aliquot.loan')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='aliquot.loanitem')),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='loan_items', to='aliquot.sample')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('sample',), name='a_sample_is_in_one_open_loan'),
                    models.UniqueConstraint(fields=('loan', 'sample'), name='a_loan_names_a_sample_once'),
                ],
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='LoanStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField()),
                ('act', models.CharField(max_length=20)),
                ('target', models.CharField(max_length=20)),
                ('told', models.JSONField(default=dict)),
                ('reason', models.TextField(blank=True)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.entry')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='aliquot.loan')),
                ('sample', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.sample')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('loan', 'order'), name='steps_of_a_loan_are_numbered'),
                ],
                'ordering': ('order',),
            },
        ),
        migrations.CreateModel(
            name='Parcel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(default='packed', max_length=20)),
                ('direction', models.CharField(choices=[('out', 'out'), ('back', 'back'), ('onward', 'onward'), ('inward', 'inward')], max_length=8)),
                ('carrier', models.CharField(blank=True, max_length=200)),
                ('tracking', models.CharField(blank=True, max_length=200)),
                ('collector', models.CharField(blank=True, max_length=200)),
                ('identity', models.CharField(blank=True, max_length=200)),
                ('received_by', models.CharField(blank=True, max_length=200)),
                ('seals', models.JSONField(default=list)),
                ('gross_ng', models.BigIntegerField(null=True)),
                ('gross_sd_ng', models.BigIntegerField(default=0)),
                ('expected_on', models.DateField(null=True)),
                ('left_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('by', models.CharField(max_length=120)),
                ('packed_at', models.DateTimeField()),
                ('incident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='aliquot.incident')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='aliquot.loan')),
                ('onward_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inward', to='aliquot.loan')),
                ('transit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='parcel', to='aliquot.holder')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ('packed', 'on the way', 'unpacked', 'arrived', 'damaged', 'refused', 'lost', 'taken back', 'found'))), name='a_parcel_is_in_a_state_of_the_table'),
                    models.CheckConstraint(condition=models.Q(('state__in', ('packed', 'unpacked')), models.Q(('gross_ng__isnull', False), ('left_at__isnull', False)), _connector='OR'), name='a_parcel_is_weighed_before_it_leaves'),
                ],
                'ordering': ('-packed_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='LoanFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=200)),
                ('told', models.JSONField(default=dict)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.storedfile')),
                ('loan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='aliquot.loan')),
                ('parcel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='aliquot.parcel')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('loan', None), ('parcel__isnull', False)), models.Q(('loan__isnull', False), ('parcel', None)), _connector='OR'), name='a_file_is_of_a_loan_or_of_a_parcel'),
                ],
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='ParcelItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mass_ng', models.BigIntegerField()),
                ('found', models.CharField(blank=True, max_length=10)),
                ('is_open', models.BooleanField(default=True)),
                ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='aliquot.parcel')),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parcel_items', to='aliquot.sample')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('is_open', True)), fields=('sample',), name='a_sample_is_in_one_parcel_at_a_time'),
                    models.UniqueConstraint(fields=('parcel', 'sample'), name='a_parcel_has_a_sample_once'),
                    models.CheckConstraint(condition=models.Q(('mass_ng__gt', 0)), name='what_is_sent_has_mass'),
                ],
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='ParcelLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('by', models.CharField(max_length=120)),
                ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='aliquot.parcel')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='a_parcel_link_expires_after_it_is_made'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ParcelStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField()),
                ('act', models.CharField(max_length=20)),
                ('target', models.CharField(max_length=20)),
                ('told', models.JSONField(default=dict)),
                ('entries', models.JSONField(default=list)),
                ('reason', models.TextField(blank=True)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='aliquot.parcel')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('parcel', 'order'), name='steps_of_a_parcel_are_numbered'),
                ],
                'ordering': ('order',),
            },
        ),
        migrations.CreateModel(
            name='ReturnCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('declared_ng', models.BigIntegerField(null=True)),
                ('weighed_ng', models.BigIntegerField()),
                ('weighed_sd_ng', models.BigIntegerField()),
                ('book_ng', models.BigIntegerField()),
                ('book_sd_ng', models.BigIntegerField()),
                ('explanation', models.CharField(blank=True, max_length=12)),
                ('reason', models.TextField(blank=True)),
                ('history', models.TextField(blank=True)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.entry')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='aliquot.loan')),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='return_checks', to='aliquot.sample')),
            ],
            options={
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Show',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(default='planned', max_length=20)),
                ('title_en', models.CharField(blank=True, max_length=300)),
                ('title_zh', models.CharField(blank=True, max_length=300)),
                ('venue', models.CharField(max_length=300)),
                ('city', models.CharField(blank=True, max_length=300)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('first', models.DateField()),
                ('last', models.DateField()),
                ('security_plan', models.TextField(blank=True)),
                ('insurance', models.TextField(blank=True)),
                ('visitors_expected', models.PositiveIntegerField(null=True)),
                ('visited_on', models.DateField(null=True)),
                ('visit', models.TextField(blank=True)),
                ('visit_waived', models.BooleanField(default=False)),
                ('by', models.CharField(max_length=120)),
                ('made_at', models.DateTimeField()),
                ('loan', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='show', to='aliquot.loan')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ('planned', 'approved', 'cancelled', 'on show', 'ended'))), name='a_show_is_in_a_state_of_the_table'),
                    models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='a_show_ends_after_it_begins'),
                ],
                'ordering': ('-first', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='ShowDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('opened', models.DateTimeField()),
                ('packed', models.DateTimeField(null=True)),
                ('who', models.CharField(max_length=300)),
                ('visitors', models.PositiveIntegerField(null=True)),
                ('counted', models.PositiveIntegerField()),
                ('counted_back', models.PositiveIntegerField(null=True)),
                ('note', models.TextField(blank=True)),
                ('by', models.CharField(max_length=120)),
                ('show', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days', to='aliquot.show')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('show', 'on'), name='a_day_of_a_show_is_logged_once'),
                ],
                'ordering': ('on',),
            },
        ),
        migrations.CreateModel(
            name='ShowStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField()),
                ('act', models.CharField(max_length=20)),
                ('target', models.CharField(max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('show', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='aliquot.show')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('show', 'order'), name='steps_of_a_show_are_numbered'),
                ],
                'ordering': ('order',),
            },
        ),
        migrations.CreateModel(
            name='TeachingSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('name_en', models.CharField(max_length=300)),
                ('name_zh', models.CharField(blank=True, max_length=300)),
                ('days_most', models.PositiveIntegerField(default=0)),
                ('by', models.CharField(max_length=120)),
                ('made_at', models.DateTimeField()),
                ('samples', models.ManyToManyField(related_name='teaching_sets', to='aliquot.sample')),
            ],
        ),
        migrations.CreateModel(
            name='SetBooking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.CharField(max_length=300)),
                ('contact', models.CharField(max_length=300)),
                ('first', models.DateField()),
                ('last', models.DateField()),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('loan', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='booking', to='aliquot.loan')),
                ('teaching_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='aliquot.teachingset')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='a_booking_ends_after_it_begins'),
                ],
                'ordering': ('first',),
            },
        ),
        migrations.CreateModel(
            name='DeedItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField()),
                ('what', models.CharField(blank=True, max_length=300)),
                ('mass_ng', models.BigIntegerField(null=True)),
                ('deed', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='aliquot.deed')),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.entry')),
                ('sample', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deed_items', to='aliquot.sample')),
            ],
            options={
                'ordering': ('order',),
                'constraints': [models.UniqueConstraint(fields=('deed', 'order'), name='items_of_a_deed_are_numbered'), models.CheckConstraint(condition=models.Q(('mass_ng', None), ('mass_ng__gt', 0), _connector='OR'), name='a_deed_item_has_mass')],
            },
        ),
        migrations.AddIndex(
            model_name='loan',
            index=models.Index(fields=['state'], name='loans_by_state'),
        ),
        migrations.CreateModel(
            name='InventoryDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('by', models.CharField(max_length=120)),
                ('loan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='inventory_draft', to='aliquot.loan')),
            ],
        ),
        migrations.CreateModel(
            name='InventoryDraftLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(max_length=12)),
                ('note', models.TextField(blank=True)),
                ('mass_ng', models.BigIntegerField(null=True)),
                ('saved_at', models.DateTimeField()),
                ('by', models.CharField(max_length=120)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='aliquot.inventorydraft')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.storedfile')),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aliquot.sample')),
            ],
            options={
                'ordering': ('pk',),
                'constraints': (models.UniqueConstraint(fields=('draft', 'sample'), name='a_draft_speaks_of_a_sample_once'),),
            },
        ),
        migrations.CreateModel(
            name='LoanWish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('kind', models.CharField(max_length=12)),
                ('state', models.CharField(default='asked', max_length=12)),
                ('told', models.JSONField(default=dict)),
                ('reason', models.TextField()),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wishes', to='aliquot.loan')),
                ('taker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-at', '-pk'),
                'constraints': (
                    models.CheckConstraint(condition=models.Q(('state__in', ('asked', 'agreed', 'refused', 'granted', 'withdrawn'))), name='a_wish_is_in_a_state_of_the_table'),
                    models.UniqueConstraint(condition=models.Q(('state__in', ('asked', 'agreed'))), fields=('loan', 'kind'), name='a_wish_waits_once'),
                ),
            },
        ),
        migrations.CreateModel(
            name='LoanWishStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField()),
                ('act', models.CharField(max_length=12)),
                ('target', models.CharField(max_length=12)),
                ('reason', models.TextField(blank=True)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('wish', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='aliquot.loanwish')),
            ],
            options={
                'ordering': ('order',),
                'constraints': (models.UniqueConstraint(fields=('wish', 'order'), name='steps_of_a_wish_are_numbered'),),
            },
        ),
        migrations.CreateModel(
            name='CalendarLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_links', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-made_at', '-pk'),
                'constraints': (models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('person',), name='somebody_has_one_calendar_link'),),
            },
        ),
        migrations.RunPython(forbid, allow),
    ]
