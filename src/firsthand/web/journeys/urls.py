from django.urls import path

from firsthand.web.journeys import compare, funnels, views

urlpatterns = [
    path("", views.journey, name="journeys"),
    path("funnel/", funnels.funnel, name="funnel"),
    path("around/", views.around, name="around"),
    path("designed/", funnels.designed, name="designed"),
    path("variants/", views.variants, name="variants"),
    path("retention/", views.retention, name="retention"),
    path("compare/", compare.compare, name="compare"),
]
