from django.urls import path

from firsthand.web.experience_map import editing, versions, views

urlpatterns = [
    path("", views.experience_map, name="map"),
    path("touchpoint/", views.touchpoint, name="touchpoint"),
    path("touchpoint/edit/", editing.edit_touchpoint, name="edit_touchpoint"),
    path("touchpoint/new/", editing.new_touchpoint, name="new_touchpoint"),
    path("edit/", editing.edit_map, name="edit_map"),
    path("history/", versions.history, name="map_history"),
    path("history/<int:version>/bring-back/", versions.bring_back, name="bring_back"),
]
