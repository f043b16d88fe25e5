from django.urls import path

from firsthand.web.data import views, views_imports, views_rejected

urlpatterns = [
    path("", views.overview, name="data"),
    path("upload/", views_imports.upload, name="data_upload"),
    path("imports/", views_imports.imports, name="data_imports"),
    path("imports/<int:pk>/", views_imports.one, name="data_import"),
    path("imports/<int:pk>/progress/", views_imports.progress, name="data_progress"),
    path("imports/<int:pk>/mapping/", views_imports.mapping, name="data_mapping"),
    path("imports/<int:pk>/mapping.yaml", views_imports.mapping_file, name="data_mapping_file"),
    path("imports/<int:pk>/preview/", views_imports.preview, name="data_preview"),
    path("imports/<int:pk>/begin/", views_imports.begin, name="data_begin"),
    path("imports/<int:pk>/remove/", views_imports.remove, name="data_remove"),
    path("mappings/<str:name>", views_imports.kept, name="data_kept"),
    path("rejected/", views_rejected.rejected, name="data_rejected"),
    path("retry/", views_rejected.retry, name="data_retry"),
]
