from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partners", "0009_language_chosen")]

    operations = [
        migrations.AlterField(
            model_name="objective",
            name="measure",
            field=models.CharField(blank=True, max_length=40),
        ),
    ]
