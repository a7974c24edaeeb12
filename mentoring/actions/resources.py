"""What a program offers its pairs to read and to use."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.media import files
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

    Raises Refused for whoever does not run the program, where neither a link nor a file would be left, and where the
    file cannot be kept now.
    """
    if not rules.may_administer(by, resource.program):
        raise Refused(_("Only those who run a program do this."))
    placed = files.put(file.content) if file is not None else None
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
    if file is not None and placed is not None:
        ResourceFile.objects.update_or_create(
            resource=resource,
            defaults={
                **placed.as_columns("content"),
                "content_type": file.content_type,
                "size": len(file.content),
            },
        )
    return resource


def copy_resources(earlier: Program, program: Program, *, now: datetime) -> None:
    """What is offered there is offered in the program after it too, each file with it; a file that is lost is not.

    Raises Refused where files cannot be fetched or kept now.
    """
    copied = "title", "about", "link", "file_name", "for_role", "stage", "position", "added_by_id"
    for resource in earlier.resources.filter(is_offered=True):
        values = {name: getattr(resource, name) for name in copied}
        file = ResourceFile.objects.filter(resource=resource).first()
        try:
            placed = files.put(files.read(file.content, file.stored_as)) if file is not None else None
        except files.Lost:
            if not resource.link:
                continue
            values["file_name"], placed = "", None
        other = Resource.objects.create(program=program, changed_at=now, **values)
        if file is not None and placed is not None:
            ResourceFile.objects.create(
                resource=other,
                content_type=file.content_type,
                size=file.size,
                **placed.as_columns("content"),
            )
