"""What a program offers its pairs to read and to use: links and files."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .agenda import Stage
from .program import Program


class ResourceQuerySet(models.QuerySet["Resource"]):
    def visible_to(self, user: User) -> Self:
        """Those that a program offers, for its people who are in it, as far as they are meant for their role."""
        places = user.enrollments.active()
        everybody, mentors, mentees = Resource.ForRole.ALL, Resource.ForRole.MENTORS, Resource.ForRole.MENTEES
        to_mentors = Q(program__in=places.mentors().values("program"), for_role__in=[everybody, mentors])
        to_mentees = Q(program__in=places.mentees().values("program"), for_role__in=[everybody, mentees])
        return self.filter(to_mentors | to_mentees, is_offered=True)

    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))


class Resource(models.Model):
    class ForRole(models.TextChoices):
        ALL = "all", _("Everybody")
        MENTORS = "mentors", _("Mentors")
        MENTEES = "mentees", _("Mentees")

    program = models.ForeignKey(Program, models.CASCADE, related_name="resources", verbose_name=_("program"))
    title = models.CharField(_("title"), max_length=120)
    about = models.TextField(_("what it is good for"), max_length=1000, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    # What its file is called where it is saved; none, no file.
    file_name = models.CharField(_("file"), max_length=120, blank=True, editable=False)
    for_role = models.CharField(_("for"), max_length=7, choices=ForRole.choices, default=ForRole.ALL)
    stage = models.CharField(_("when"), max_length=9, choices=Stage.choices, default=Stage.ANY)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_offered = models.BooleanField(_("offered"), default=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="resources_added",
        verbose_name=_("added by"),
    )
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(ResourceQuerySet)()

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["program", "position", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(for_role__in=["all", "mentors", "mentees"]), name="resource_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["any", "beginning", "under_way", "ending"]),
                name="resource_stage_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(link="") | ~Q(file_name=""),
                name="resource_leads_somewhere",
                violation_error_message=_("Give it a link or a file."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ResourceFile(models.Model):
    """As it was sent: here, or in a store under the random name `stored_as` (accounts/media)."""

    resource = models.OneToOneField(Resource, models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()
    stored_as = models.CharField(
        _("name in the store"), max_length=32, blank=True, default="", db_default="", editable=False
    )
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("bytes"))

    objects = models.Manager()

    class Meta:
        verbose_name = _("file of a resource")
        verbose_name_plural = _("files of resources")

    def __str__(self) -> str:
        return f"File of resource #{self.pk}"
