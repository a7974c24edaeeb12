"""The address in every mail that can be stopped."""

from django.urls import path

from . import views

app_name = "mail"

urlpatterns = [path("stop/<str:token>/", views.stop, name="stop")]
