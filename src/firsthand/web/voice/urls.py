from django.urls import path

from firsthand.web.voice import labelling, themes, views

urlpatterns = [
    path("", views.voice, name="voice"),
    path("flags/", views.flags, name="voice_flags"),
    path("search/", views.search, name="voice_search"),
    path("who/", views.who, name="voice_who"),
    path("themes/", themes.themes, name="voice_themes"),
    path("label/", labelling.label, name="voice_label"),
    path("learn/", labelling.learn, name="voice_learn"),
    path("learnt/", labelling.learnt, name="voice_learnt"),
]
