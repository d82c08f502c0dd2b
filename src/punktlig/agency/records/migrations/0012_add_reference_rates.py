"""Keep the reference rates that are added between releases: entered by one, answered once, by another if approved."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from punktlig.tenancy.operations import OnlyAddTo

# Whoever has the application's log-in, or a mistake of ours, can neither put in an approved rate nor change one that
# has been answered: interest was reckoned with it.
ANSWERED_ONCE = """
CREATE FUNCTION agency_added_rate_is_answered_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.approved_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL THEN
            RAISE EXCEPTION 'a reference rate is entered before it is answered' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF OLD.approved_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'an answered reference rate never changes' USING ERRCODE = 'check_violation';
    ELSIF (NEW.id, NEW.valid_from, NEW.percent, NEW.source, NEW.entered_by_id, NEW.entered_at) IS DISTINCT FROM
          (OLD.id, OLD.valid_from, OLD.percent, OLD.source, OLD.entered_by_id, OLD.entered_at) THEN
        RAISE EXCEPTION 'an entered reference rate is answered, not changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER added_rate_is_answered_once BEFORE INSERT OR UPDATE ON agency_added_rate
    FOR EACH ROW EXECUTE FUNCTION agency_added_rate_is_answered_once();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0011_list_deliveries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AddedRate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("valid_from", models.DateField()),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("source", models.CharField(max_length=500)),
                ("entered_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "agency_added_rate",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("valid_from",),
                        name="one_rate_a_half_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_from__day", 1), ("valid_from__month__in", [1, 7])),
                        name="rate_of_a_half_year",
                    ),
                    models.CheckConstraint(condition=models.Q(("source", ""), _negated=True), name="rate_has_a_source"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="rate_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="rate_withdrawn_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_at__isnull", True), ("withdrawn_at__isnull", True), _connector="OR"
                        ),
                        name="rate_answered_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("entered_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="rate_seen_by_two",
                    ),
                ],
            },
        ),
        OnlyAddTo("AddedRate", may_fill_in=("approved_by", "approved_at", "withdrawn_by", "withdrawn_at")),
        migrations.RunSQL(ANSWERED_ONCE),
    ]
