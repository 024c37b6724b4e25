from django.db import migrations, models

import partnerloop.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("pulses", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="pulse",
            name="people_to_ask",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="pulse",
            name="seed",
            field=models.PositiveBigIntegerField(default=partnerloop.core.ids.random_seed),
        ),
        migrations.AddConstraint(
            model_name="pulse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("people_to_ask__isnull", True), ("people_to_ask__gte", 1), _connector="OR"
                ),
                name="pulse_asks_somebody",
            ),
        ),
    ]
