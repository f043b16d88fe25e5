from django.urls import path

from firsthand.web.organisation import views, views_log, views_people

urlpatterns = [
    path("", views_people.people, name="settings"),
    path("people/<int:pk>/", views_people.person, name="settings_person"),
    path("people/<int:pk>/password/", views_people.password, name="settings_password"),
    path("people/<int:pk>/second-factor/", views_people.second_factor, name="settings_second_factor"),
    path("teams/", views.teams, name="settings_teams"),
    path("roles/", views.roles, name="settings_roles"),
    path("privacy/", views.privacy, name="settings_privacy"),
    path("home/", views.home, name="settings_home"),
    path("log/", views_log.log, name="settings_log"),
    path("log.csv", views_log.download, name="settings_log_csv"),
]
