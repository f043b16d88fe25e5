from django.urls import include, path

from firsthand.web.api import routes, views

urlpatterns = [
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", views.revoke, name="revoke_token"),
    path("api/", include((routes.patterns, routes.app_name), routes.namespace)),
]
