from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pulses", "0009_objectives")]

    operations = [
        migrations.AddField(
            model_name="metric",
            name="language",
            field=models.CharField(default="en", max_length=12),
        ),
        migrations.AddField(
            model_name="metric",
            name="low",
            field=models.CharField(blank=True, max_length=160, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="metric",
            name="high",
            field=models.CharField(blank=True, max_length=160, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="metric",
            name="words",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="metric",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="metric",
            name="since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="metric",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "own"), ("retired_at__isnull", True), _connector="OR"),
                name="metric_only_own_is_retired",
            ),
        ),
    ]
