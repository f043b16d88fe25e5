from django.urls import path

from firsthand.web.figures import downloads

urlpatterns = [path("<slug:question>.csv", downloads.download, name="download")]
