import re

from django.db import migrations


def name_them(apps, schema_editor):
    """What stood in two free texts, cut at commas, becomes the program's list and what each place says of it."""
    Enrollment = apps.get_model("mentoring", "Enrollment")
    Skill = apps.get_model("mentoring", "Skill")
    EnrollmentSkill = apps.get_model("mentoring", "EnrollmentSkill")
    known = {(skill.program_id, skill.name.lower()): skill for skill in Skill.objects.all()}
    said = Enrollment.objects.exclude(offers="", seeks="").order_by("pk")
    for place in said.iterator():
        for side in ("offers", "seeks"):
            for name in re.split(r"[,;\n]", getattr(place, side)):
                name = " ".join(name.split())[:80].strip()
                if not name:
                    continue
                key = (place.program_id, name.lower())
                if key not in known:
                    known[key] = Skill.objects.create(program_id=place.program_id, name=name)
                EnrollmentSkill.objects.get_or_create(enrollment=place, side=side, skill=known[key])


def write_them(apps, schema_editor):
    Enrollment = apps.get_model("mentoring", "Enrollment")
    for place in Enrollment.objects.filter(skills__isnull=False).distinct().iterator():
        for side in ("offers", "seeks"):
            names = place.skills.filter(side=side).order_by("pk").values_list("skill__name", flat=True)
            setattr(place, side, ", ".join(names)[:200])
        place.save(update_fields=["offers", "seeks"])


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0010_skills")]

    operations = [migrations.RunPython(name_them, write_them)]
