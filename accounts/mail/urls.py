"""The address in every mail that can be stopped, and where providers tell what came in and what came back."""

from django.urls import path

from . import views
from .inbound import webhooks

app_name = "mail"

urlpatterns = [
    path("stop/<str:token>/", views.stop, name="stop"),
    path("address/again/", views.try_again, name="try_again"),
    path("hooks/<str:provider>/<str:what>/", webhooks.hook, name="hook"),
]
