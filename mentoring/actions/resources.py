"""What a program offers its pairs to read and to use."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import rules
from mentoring.models import Program, Resource, ResourceFile
from mentoring.resource_files import Taken

from .refused import Refused


@transaction.atomic
def keep_resource(
    resource: Resource,
    *,
    by: User,
    file: Taken | None = None,
    takes_file_away: bool = False,
    now: datetime,
) -> Resource:
    """A new one, or a known one with other words; with another file, without its file, or with the one that it has.

    Raises Refused for whoever does not run the program, and where neither a link nor a file would be left.
    """
    if not rules.may_administer(by, resource.program):
        raise Refused(_("Only those who run a program do this."))
    # As the row is now: somebody else may have put a file there, or taken it away, since the page was shown.
    before = Resource.objects.select_for_update().filter(pk=resource.pk).first() if resource.pk else None
    if file is not None:
        resource.file_name = file.name
    else:
        resource.file_name = "" if takes_file_away or before is None else before.file_name
    if not resource.link and not resource.file_name:
        raise Refused(_("Give it a link or a file."))
    if before is None:
        resource.added_by = by
    resource.changed_at = now
    resource.save()
    if not resource.file_name:
        ResourceFile.objects.filter(resource=resource).delete()
    if file is not None:
        ResourceFile.objects.update_or_create(
            resource=resource,
            defaults={
                "content": file.content,
                "content_type": file.content_type,
                "size": len(file.content),
            },
        )
    return resource


def copy_resources(earlier: Program, program: Program, *, now: datetime) -> None:
    """What is offered there is offered in the program after it too, each file with it."""
    copied = "title", "about", "link", "file_name", "for_role", "stage", "position", "added_by_id"
    for resource in earlier.resources.filter(is_offered=True):
        values = {name: getattr(resource, name) for name in copied}
        other = Resource.objects.create(program=program, changed_at=now, **values)
        file = ResourceFile.objects.filter(resource=resource).first()
        if file is not None:
            ResourceFile.objects.create(
                resource=other, content=bytes(file.content), content_type=file.content_type, size=file.size
            )
