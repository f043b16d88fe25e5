"""What templates of customers say."""

from django import template

from firsthand.web.customers import evidence

register = template.Library()
register.filter("in_words", evidence.in_words)
