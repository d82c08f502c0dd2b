"""Let the agency's events change an invoice without writing it into all of its indexes anew."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from punktlig.tenancy.operations import with_every_row

HERE_OR_REFUSED = models.Q(agency_stage__in=["here", "refused"])
# Room on its page is what a row needs to be changed in place. A handover is changed twice before its first hour is over,
# so that its pages would be as many in any case.
LEAVE_ROOM = """
ALTER TABLE receivables_invoice SET (fillfactor = 50);
ALTER TABLE receivables_handover SET (fillfactor = 50);
"""
FILL = """
ALTER TABLE receivables_invoice RESET (fillfactor);
ALTER TABLE receivables_handover RESET (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("receivables", "0012_hand_over_in_parts"),
    ]

    operations = [
        migrations.RemoveIndex("invoice", "invoice_at_agency"),
        migrations.RemoveIndex("invoice", "invoice_live_by_due"),
        migrations.RemoveIndex("invoice", "invoice_to_send"),
        migrations.RunSQL(LEAVE_ROOM, FILL),
        migrations.AddField(
            "invoice",
            "agency_stage",
            models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(agency_state="", then=models.Value("here")),
                    models.When(agency_state="refused", then=models.Value("refused")),
                    models.When(agency_state__in=["paid", "closed"], then=models.Value("done")),
                    default=models.Value("live"),
                ),
                output_field=models.CharField(max_length=8),
            ),
        ),
        migrations.AddIndex(
            "invoice",
            models.Index(
                condition=~models.Q(agency_stage="here"),
                fields=["company", "sent_at", "id"],
                name="invoice_at_agency",
            ),
        ),
        migrations.AddIndex(
            "invoice",
            models.Index(
                condition=models.Q(agency_stage="live"),
                fields=["company", "due_date", "id"],
                name="invoice_live_by_due",
            ),
        ),
        migrations.AddIndex(
            "invoice",
            models.Index(
                condition=models.Q(remaining_ore__gt=0) & HERE_OR_REFUSED,
                fields=["company", "due_date", "id"],
                name="invoice_to_send",
            ),
        ),
        migrations.AddIndex(
            "handover",
            models.Index(
                condition=models.Q(state="conflict"), fields=["company", "invoice"], name="handover_in_conflict"
            ),
        ),
        # Nobody asks what somebody has handed over.
        *with_every_row(
            ["receivables_handover"],
            migrations.AlterField(
                "handover",
                "created_by",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ),
    ]
