"""Forms in which the map is changed."""

from __future__ import annotations

from typing import Any

import yaml
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firsthand.journeys import ExperienceMap, Touchpoint
from firsthand.journeys.map_text import as_yaml, written
from firsthand.sources.checked_yaml import Fault, Loader, line_of
from firsthand.tables import KINDS
from firsthand.web.figures.faults import in_words

YAML_FIELDS = ("standard", "rules")
CODE = {"spellcheck": "false", "autocapitalize": "off", "class": "code"}


class YamlField(forms.CharField):
    """A part of the map as YAML, as it is typed."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, strip=False, **more)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value).replace("\r\n", "\n").strip("\n")
        try:
            content = yaml.load(text, Loader=Loader)  # noqa: S506 - a safe loader
        except yaml.MarkedYAMLError as wrong:
            line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
            raise forms.ValidationError(_("line %(line)s: not YAML: %(problem)s.") % {"line": line, "problem": wrong.problem}) from wrong  # fmt: skip
        except yaml.YAMLError as wrong:
            raise forms.ValidationError(_("not YAML: %(problem)s.") % {"problem": wrong}) from wrong
        return text if content not in (None, [], {}) else ""


class TouchpointForm(forms.Form):
    """One touchpoint of the map."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    stage = forms.ChoiceField(label=gettext_lazy("Stage"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), help_text=gettext_lazy("What sort of moment it is: measures and signals go by it."))  # fmt: skip
    channel = forms.CharField(label=gettext_lazy("Channel"), required=False, max_length=60, help_text=gettext_lazy("Only where the sender does not say it."))  # fmt: skip
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False, help_text=gettext_lazy("The team that looks after it."))  # fmt: skip
    expectation = forms.CharField(
        label=gettext_lazy("What customers expect"), required=False, widget=forms.Textarea(attrs={"rows": 2, "class": "words"})
    )  # fmt: skip
    standard = YamlField(
        label=gettext_lazy("Standard (YAML)"), widget=forms.Textarea(attrs={"rows": 3} | CODE),
        help_text=gettext_lazy("What good looks like, such as: {wait_seconds: 120}, {promise: kept}, or {score: {question: How was it?, at_least: 4}}."),
    )  # fmt: skip
    rules = YamlField(
        label=gettext_lazy("Rules (YAML)"), widget=forms.Textarea(attrs={"rows": 6} | CODE),
        help_text=gettext_lazy("Interactions that fit one of these are such moments, each on a line of its own: - {source: shop, event: Order Completed}. Where several touchpoints fit, the first of the map wins."),
    )  # fmt: skip
    why = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=300, help_text=gettext_lazy("For whoever reads the history."))  # fmt: skip

    def __init__(self, data: Any = None, *, map_: ExperienceMap, text: str, user: Any, point: Touchpoint | None, rule: str = "") -> None:  # fmt: skip
        told = {key: getattr(point, key) or "" for key in KEYS} if point else {}
        told |= {key: written(text, point.name, key) for key in YAML_FIELDS} if point else {}
        super().__init__(data, initial=told | ({"rules": _with_rule(told.get("rules", ""), rule)} if rule else {}))
        self.before = told
        self.point = point
        stage, kind, owner = (self.fields[key] for key in ("stage", "kind", "owner"))
        stage.choices = [(name, name) for name in map_.stages]  # type: ignore[attr-defined]
        kind.choices = [(name, _(name.replace("_", " "))) for name in KINDS]  # type: ignore[attr-defined]
        whole = user.may("edit_whole_map")
        teams = [(team, team) for team in map_.teams if whole or team in user.teams]
        owner.required = not whole
        owner.choices = [("", _("nobody")), *teams] if whole else teams  # type: ignore[attr-defined]

    def told(self) -> dict[str, str]:
        """What is other than before, as YAML, by key; empty texts for what was emptied."""
        now = {key: value.replace("\r\n", "\n") for key, value in self.cleaned_data.items() if key != "why"}
        return {
            key: value if key in YAML_FIELDS or not value else as_yaml(value)
            for key, value in now.items()
            if value != self.before.get(key, "")
        }

    def add_fault(self, fault: Fault, number: int) -> None:
        """Shows a fault of the whole map beside the field that it is about. number: of the touchpoint, from 0."""
        place, keys = (fault.keys or ())[:2], (fault.keys or ())[2:]
        if place != ("touchpoints", number) or not keys or keys[0] not in self.fields:
            self.add_error(None, in_words(str(fault)))
        elif keys[0] in YAML_FIELDS:
            tree = yaml.compose(self.cleaned_data.get(keys[0], ""), Loader=Loader)
            self.add_error(keys[0], in_words(str(Fault(line_of(tree, keys[1:]), keys, fault.message))))
        else:
            self.add_error(keys[0], in_words(f"{fault.message}."))


KEYS = ("name", "stage", "kind", "channel", "owner", "expectation")


def _with_rule(rules: str, rule: str) -> str:
    """The rules as they are written, and one more."""
    known = yaml.load(rules, Loader=Loader) or []  # noqa: S506 - a safe loader
    before = rules if rules.lstrip().startswith(("-", "#")) else "\n".join(f"- {as_yaml(each)}" for each in known)
    return f"{before}\n- {rule}".strip("\n")


class MapForm(forms.Form):
    """The whole map."""

    text = forms.CharField(
        label=gettext_lazy("The map (YAML)"), strip=False,
        widget=forms.Textarea(attrs={"rows": 32, "wrap": "off"} | CODE),
    )  # fmt: skip
    why = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=300, help_text=gettext_lazy("For whoever reads the history."))  # fmt: skip

    def add_fault(self, fault: Fault) -> None:
        """Shows a fault with the line that it stands on."""
        lines = str(self.data.get("text", "")).splitlines()
        quoted = lines[fault.line - 1].strip() if 0 < fault.line <= len(lines) else ""
        self.add_error("text", in_words(str(fault)) + (f"  ({quoted[:80]})" if quoted else ""))
