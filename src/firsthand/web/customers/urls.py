from django.urls import path

from firsthand.web.customers import deciding, rights, views

urlpatterns = [
    path("", views.customers, name="customers"),
    path("review/", deciding.review, name="review"),
    path("<slug:who>/", views.customer, name="customer"),
    path("<slug:who>/consent/", views.consent, name="consent"),
    path("<slug:who>/why/", deciding.why, name="why"),
    path("<slug:who>/decide/", deciding.decide, name="decide"),
    path("<slug:who>/export/", rights.export, name="export_customer"),
    path("<slug:who>/forget/", rights.forget, name="forget_customer"),
]
