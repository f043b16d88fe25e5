from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0001_initial")]

    operations = [
        migrations.AddField("lasttime", "succeeded_at", models.DateTimeField(null=True)),
        migrations.AddField("lasttime", "failed_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "lasttime", "error", models.CharField(blank=True, default="", max_length=100), preserve_default=False
        ),
        migrations.AddField(
            "lasttime", "said", models.CharField(blank=True, default="", max_length=500), preserve_default=False
        ),
    ]
