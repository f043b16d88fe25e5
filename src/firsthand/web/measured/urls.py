from django.urls import path

from firsthand.web.measured import measures, promises, signals, waits

urlpatterns = [
    path("promises/", promises.promises, name="promises"),
    path("waits/", waits.waits, name="waits"),
    path("measures/", measures.measures, name="measures"),
    path("signals/", signals.signals, name="signals"),
]
