"""Every address of the website."""

from django.urls import include, path

from firsthand.web.config import health

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", health.metrics),
    path("accounts/", include("allauth.urls")),
    path("", include("firsthand.web.accounts.urls")),
    path("figures/", include("firsthand.web.figures.urls")),
    path("", include("firsthand.web.today.urls")),
    path("data/", include("firsthand.web.data.urls")),
    path("settings/", include("firsthand.web.organisation.urls")),
    path("", include("firsthand.web.measured.urls")),
    path("journeys/", include("firsthand.web.journeys.urls")),
    path("customers/", include("firsthand.web.customers.urls")),
    path("voice/", include("firsthand.web.voice.urls")),
    path("map/", include("firsthand.web.experience_map.urls")),
    path("", include("firsthand.web.api.urls")),
]
