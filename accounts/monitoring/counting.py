"""Counts and times of requests, by django-prometheus, with labels of which there are few and none of which tells of
somebody.

A page that is opened is counted by the name of its view. What somebody sends is counted by the part of the site it was
sent to: a graph by the minute would show when a reflection was finished. What is told in confidence has no count of its
own at all.
"""

from typing import Any

from django.http import HttpRequest
from django_prometheus.middleware import (
    Metrics,
    PrometheusAfterMiddleware,
    PrometheusBeforeMiddleware,
)

READING = ("GET", "HEAD")
UNNAMED = "<unnamed view>"
# Opening one of these is telling something in confidence, or hearing it.
CONFIDENTIAL = {"pairings:concern": "pairings"}
CONFIDENTIAL_PARTS = {"concerns": "pairings", "break_glass": "admin"}
# What says nothing that anybody asks, and would only be kept.
LEFT_OUT = (
    "django_http_ajax_requests_total",
    "django_http_requests_body_total_bytes",
    "django_http_responses_total_by_templatename",
    "django_http_responses_total_by_charset",
    "django_http_responses_body_total_bytes",
    "django_http_requests_total_by_view_transport_method",
    "django_http_responses_streaming_total",
    "django_http_requests_total_by_transport",
)


class _Nothing:
    """In the place of what is left out."""

    def labels(self, **_: Any) -> "_Nothing":
        return self

    def inc(self, *_: Any) -> None: ...

    def observe(self, *_: Any) -> None: ...


class Counts(Metrics):  # type: ignore[misc]  # it has no types
    def register_metric(self, metric_cls: Any, name: str, *args: Any, **more: Any) -> Any:
        return _Nothing() if name in LEFT_OUT else super().register_metric(metric_cls, name, *args, **more)


class CountsBefore(PrometheusBeforeMiddleware):  # type: ignore[misc]
    metrics_cls = Counts


class CountsAfter(PrometheusAfterMiddleware):  # type: ignore[misc]
    metrics_cls = Counts

    def label_metric(self, metric: Any, request: HttpRequest, response: Any = None, **labels: Any) -> Any:
        if "method" in labels:  # Of which anybody can make up as many as they like.
            labels["method"] = self._method(request)
        if "view" in labels:
            labels["view"] = view_of(request)
        return super().label_metric(metric, request, response, **labels)


def view_of(request: HttpRequest) -> str:
    """Of what is read the view's name, of all else the part of the site; never an address."""
    match = request.resolver_match
    if match is None or not match.view_name:
        return UNNAMED
    part = match.namespace or match.func.__module__.partition(".")[0]
    if request.method in READING and part not in CONFIDENTIAL_PARTS:
        return CONFIDENTIAL.get(match.view_name, match.view_name)
    return CONFIDENTIAL_PARTS.get(part, part)
