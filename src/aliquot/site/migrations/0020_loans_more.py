"""What a borrower asked for ends with its loan: two more states of a wish, and those that waited for a loan that is over end now."""

from django.db import migrations, models

STATES = ("asked", "agreed", "refused", "granted", "withdrawn", "fulfilled", "closed")


def end(apps, schema_editor):
    """Close what waits for loans that are over; each gets its step, as it would have had."""
    wish, step, loan_step = (apps.get_model("aliquot", name) for name in ("LoanWish", "LoanWishStep", "LoanStep"))
    for one in wish.objects.filter(state__in=("asked", "agreed"), loan__state__in=("closed", "cancelled")):
        last = loan_step.objects.filter(loan=one.loan_id).order_by("-order").first()
        order = step.objects.filter(wish=one).count() + 1
        step.objects.create(wish=one, order=order, act="close", target="closed", reason="", by=last.by, at=last.at)
        wish.objects.filter(pk=one.pk).update(state="closed")


class Migration(migrations.Migration):
    dependencies = [("aliquot", "0019_articles")]

    operations = [
        migrations.RemoveConstraint(model_name="loanwish", name="a_wish_is_in_a_state_of_the_table"),
        migrations.AddConstraint(
            model_name="loanwish",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", STATES)), name="a_wish_is_in_a_state_of_the_table"
            ),
        ),
        migrations.RunPython(end, migrations.RunPython.noop),
    ]
