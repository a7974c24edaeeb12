"""The front page, for somebody signed out."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def welcome(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/welcome.html")
