from typing import Any
COMMANDS: list[Any] = []
