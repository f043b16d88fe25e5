from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_no_language")]

    operations = [migrations.AddField("user", "one_login", models.BooleanField(default=False))]
