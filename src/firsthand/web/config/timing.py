"""How long the server took for a page, told in its Server-Timing header and counted for the metrics."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from firsthand.web.config import metrics


class ServerTiming:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begin = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - begin
        response["Server-Timing"] = f"total;dur={1000 * seconds:.1f}"
        metrics.count(request, response.status_code, seconds)
        return response
