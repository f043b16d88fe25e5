"""Runs one of the website's commands: `python -m firsthand.web.run site`, for processes that start others."""

import click

from firsthand.web.commands import COMMANDS

if __name__ == "__main__":
    click.Group("firsthand", commands={command.name or "": command for command in COMMANDS})()
