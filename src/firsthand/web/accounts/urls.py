from django.urls import path

from firsthand.web.accounts import views

urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("language/", views.language, name="language"),
]
