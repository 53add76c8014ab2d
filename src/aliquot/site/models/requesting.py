"""What somebody gathers before and beside a request: a basket of samples, files, and which files a receipt names."""

from __future__ import annotations

from django.db import models

from aliquot.site.models.access import Call, Receipt, Request


class BasketItem(models.Model):
    """A sample that somebody means to ask for under a call. It becomes a line once the request is begun."""

    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="basket")
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+")
    sample = models.ForeignKey("Sample", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "call", "sample"), name="a_sample_lies_in_a_basket_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.call_id}: {self.sample_id}"


class RequestFile(models.Model):
    """A file that belongs to a request. What was taken away stays, for a receipt may name it."""

    # In its address: nobody finds another's by counting.
    key = models.CharField(max_length=24, unique=True)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("request", "file"),
                condition=models.Q(removed_at=None),
                name="a_file_is_on_a_request_once",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ReceiptFile(models.Model):
    """A file that was on the request when this receipt was given; its hash is part of that of the receipt."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(RequestFile, on_delete=models.PROTECT, related_name="receipts")

    class Meta:
        ordering = ("file_id",)
        constraints = (
            models.UniqueConstraint(fields=("receipt", "file"), name="a_receipt_names_a_file_once"),
        )

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.file_id}"
