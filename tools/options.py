"""The options and arguments of a command, read off its click object."""

from __future__ import annotations

from typing import NamedTuple

import click


class Option(NamedTuple):
    """``value`` is the placeholder of its value, None for a flag; ``notes``: default, range, required."""

    names: list[str]
    value: str | None
    choices: list[str]
    is_file: bool
    repeated: bool
    help: str
    notes: list[str]

    @property
    def gist(self) -> str:
        """The first sentence of the help, for lists with little room."""
        return self.help.split(". ")[0].split("  [")[0].rstrip(".")


def options(command: click.Command) -> list[Option]:
    """All options, --help included, in the order of --help."""
    params = command.get_params(context(command))
    return [_option(param) for param in params if isinstance(param, click.Option) and not param.hidden]


def context(command: click.Command) -> click.Context:
    return click.Context(command, **command.context_settings)


def takes_files(command: click.Command) -> bool:
    return any(isinstance(param, click.Argument) for param in command.params)


def _option(param: click.Option) -> Option:
    kind = param.type
    choices = [str(choice) for choice in kind.choices] if isinstance(kind, click.Choice) else []
    value = param.metavar or "|".join(choices) or kind.name.split()[0].upper()
    return Option(
        names=[*param.opts, *param.secondary_opts],
        value=None if param.is_flag else value,
        choices=choices,
        is_file=kind.name == "file",
        repeated=param.multiple,
        help=param.help or "",
        notes=[*_default(param), *_bounds(kind), *(["required"] if param.required else [])],
    )


def _default(param: click.Option) -> list[str]:
    if isinstance(param.show_default, str):
        return [f"default: {param.show_default}"]
    return [f"default: {param.default}"] if param.show_default and not param.is_flag else []


def _bounds(kind: click.ParamType) -> list[str]:
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    if low is not None and high is not None:
        return [f"{low} to {high}"]
    if low is not None:
        return [f"above {low}" if kind.min_open else f"at least {low}"]
    return [f"at most {high}"] if high is not None else []
