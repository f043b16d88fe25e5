"""Behind a proxy with TLS: who a visitor is, the proxy tells."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from firsthand.jobs.home import Home


@pytest.mark.parametrize(("https", "visitor"), [("1", "192.0.2.7"), ("", "127.0.0.1")])
def test_failed_logins_are_counted_by_the_address_that_the_proxy_tells(
    website: Home, monkeypatch: pytest.MonkeyPatch, https: str, visitor: str
) -> None:
    from allauth.account.adapter import get_adapter
    from django.test import RequestFactory, override_settings

    from firsthand.web.config import settings

    monkeypatch.setenv("FIRSTHAND_HTTPS", https)
    trusted = runpy.run_path(str(Path(settings.__file__)))["ALLAUTH_TRUSTED_PROXY_COUNT"]
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.1, 192.0.2.7")
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=trusted):
        assert get_adapter().get_client_ip(request) == visitor
