from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reflections", "0101_prints_of_kept_mails")]

    operations = [migrations.DeleteModel(name="KeptMail")]
