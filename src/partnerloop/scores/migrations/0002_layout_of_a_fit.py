from django.db import migrations, models


def tell(apps, schema_editor):
    """Fits from before were made of every metric that a program had."""
    Metric = apps.get_model("pulses", "Metric")
    for fit in apps.get_model("scores", "Fit").objects.all():
        rows = Metric.objects.filter(program_id=fit.program_id).exclude(kind="composite")
        told = rows.order_by("position").values_list("key", "weight")
        fit.metrics = [[key, float(weight)] for key, weight in told]
        fit.save(update_fields=["metrics"])


class Migration(migrations.Migration):
    dependencies = [("scores", "0001_initial"), ("pulses", "0010_own_metrics")]

    operations = [
        migrations.AddField(
            model_name="fit",
            name="metrics",
            field=models.JSONField(default=list),
            preserve_default=False,
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
