from django.urls import include, path

from firsthand.web.api import routes, views

urlpatterns = [
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", views.revoke, name="revoke_token"),
    path("settings/people/<int:user>/tokens/<int:pk>/revoke/", views.revoke_of, name="revoke_token_of"),
    path("api/", include((routes.patterns, routes.app_name), routes.namespace)),
]
