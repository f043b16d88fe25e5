from django.urls import path

from firsthand.web.today import views

urlpatterns = [path("", views.today, name="today")]
