"""A program's library, for those who run it. A file is looked through before it is kept, and handed out to be saved."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.media.serving import unless_away
from accounts.models import User
from mentoring import actions, resource_files
from mentoring.admin_site import Group
from mentoring.models import Resource

from .forms import ActingForm, AnyModelForm
from .scoped import ProgramScopedAdmin, filter_by_program, without_the_only_program

FIELDS = [
    "program",
    "title",
    "about",
    "link",
    "file",
    "take_file_away",
    "for_role",
    "stage",
    "position",
    "is_offered",
]


class ResourceForm(ActingForm):
    """Adds one, and changes one: by the same action."""

    instance: Resource
    field_order = FIELDS

    link = forms.URLField(
        label=_("Link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
        help_text=_(
            "The address of a page, beginning with https://. It is opened without saying from where."
        ),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": resource_files.ACCEPTED}),
        help_text=_(
            "PDF, Word, Excel, PowerPoint, OpenDocument, text or a picture, at most 5 MB, and nothing with macros."
        ),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )
    take_file_away = forms.BooleanField(label=_("Take the file away"), required=False)

    class Meta:
        model = Resource
        fields = ["program", "title", "about", "link", "for_role", "stage", "position", "is_offered"]
        widgets = {"about": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}
        help_texts = {
            "about": _("A sentence or two. It is searched, as the title is."),
            "for_role": _("Others of the program do not see it."),
            "stage": _("Pairs that stand there see it on their own page first."),
            "position": _("Smaller numbers come first."),
            "is_offered": _("Take the tick away to keep it here and to show it to nobody else."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken: resource_files.Taken | None = None
        if not self.instance.file_name:
            self.fields.pop("take_file_away", None)

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.lower().startswith(("https://", "http://")):
            raise forms.ValidationError(gettext("Write an address that begins with https://."))
        return link

    def clean_file(self) -> Any:
        chosen = self.cleaned_data["file"]
        if chosen:
            try:
                self.taken = resource_files.from_file(chosen, chosen.name)
            except resource_files.NotAFile as no:
                raise forms.ValidationError(str(no)) from no
        return chosen

    def act(self) -> Resource:
        return actions.keep_resource(
            self.instance,
            by=self.by,
            file=self.taken,
            takes_file_away=bool(self.cleaned_data.get("take_file_away")),
            now=self.now,
        )

    def refuse(self, no: actions.Refused) -> None:
        self.add_error("link" if "link" in self.fields else None, str(no))


class LineForm(AnyModelForm):
    """A line of the list."""

    class Meta:
        model = Resource
        fields = ["position", "is_offered"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (
            ("position", gettext("Position of “%(title)s”")),
            ("is_offered", gettext("“%(title)s” is offered")),
        ):
            if name in self.fields:
                self.fields[name].widget.attrs["aria-label"] = words % {"title": self.instance.title}


@admin.register(Resource)
class ResourcePage(ProgramScopedAdmin):
    group = Group.PROGRAM
    list_display = ["title", "position", "is_offered", "for_role", "stage", "leads_to", "program"]
    list_editable = ["position", "is_offered"]
    list_filter = [filter_by_program("program"), "for_role", "stage", "is_offered"]
    list_select_related = ["program"]
    search_fields = ["title", "about", "file_name"]
    ordering = ["program__name", "position", "title", "pk"]

    def get_urls(self) -> list[Any]:
        file = self.admin_site.admin_view(self.file_view)
        return [path("<int:pk>/file/", file, name="mentoring_resource_file"), *super().get_urls()]

    def get_list_display(self, request: HttpRequest) -> Any:
        return without_the_only_program(request, self.list_display)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        said = {"by": cast("User", request.user), "now": clock.now()}
        kwargs["form"] = type("ResourceForm", (ResourceForm,), said)
        columns = [name for name in FIELDS if name not in ResourceForm.declared_fields or name == "link"]
        kwargs["fields"] = [name for name in columns if not (obj and name == "program")]
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [name for name in FIELDS if name != "take_file_away"]
        has_file = ["take_file_away"] if obj.file_name else []
        return [
            "program", "title", "about", "link", "saved", "file", *has_file, "for_role", "stage", "position",
            "is_offered",
        ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["program", "saved"] if obj else []

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Not the form of the page, which wants a link or a file."""
        return super().get_changelist_form(request, **kwargs | {"form": LineForm})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The form of the page has done it by the time that it is valid; a line of the list has not."""
        if not isinstance(form, ActingForm):
            Resource.objects.filter(pk=obj.pk).update(position=obj.position, is_offered=obj.is_offered)

    @admin.display(description=_("leads to"))
    def leads_to(self, resource: Resource) -> str:
        """The file, and the link: as they are called."""
        return ", ".join(filter(None, (resource.file_name, resource.link)))

    @admin.display(description=_("file that it has"))
    def saved(self, resource: Resource) -> str:
        if not resource.file_name:
            return gettext("None")
        url = reverse("admin:mentoring_resource_file", args=[resource.pk])
        return format_html('<a href="{}" download>{}</a>', url, resource.file_name)

    @method_decorator(unless_away)
    def file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What their people get, for those who run the program."""
        return resource_files.to_be_saved(get_object_or_404(self.get_queryset(request), pk=pk))
