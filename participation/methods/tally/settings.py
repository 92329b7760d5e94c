"""Options of a rule written as texts: `on_misfit=stop`, `minimum_share=5%`, `tie_chain=lot`.

The kind of each option is read from the class of options itself, so that every option of every
rule can be written. Amounts are in the currency's unit, as in a `.pb` file (`400000`, `12.50`).
"""

import json
import re
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from participation.methods.pabulib import parse_amount
from participation.methods.tally.rules import Rule

MESSAGES: Mapping[str, str] = types.MappingProxyType(
    {
        "not_key_value": "an option is written KEY=VALUE, not {text!r}",
        "unknown_option": "{rule} has no option {key!r}; it has: {known}",
        "option_twice": "the option {key} is given twice",
        "settled_by_name": "{rule} means {key}={value}; choose another rule to change it",
        "bad_choice": "{key} must be one of {expected}, not {value!r}",
        "bad_whole": "{key} must be a whole number, not {value!r}",
        "bad_amount": "{key} must be an amount such as 400000 or 12.50, not {value!r}",
        "bad_ratio": "{key} must be a share such as 5%, 0.05 or 1/20, not {value!r}",
        "bad_yes_no": "{key} must be yes or no, not {value!r}",
        "bad_list": "{key} must be a list separated by commas, not {value!r}",
        "bad_pairs": "{key} must be one number for every group, or pairs such as "
        "North:400000,South:300000, not {value!r}",
        "not_ranked": "{key} is for rankings; the ballots of the file are {value}",
        "empty_column": "{key}={value}: no project of the file has a {value}",
        "no_groups": "{key} needs groups: add group_by=district, for instance",
        "unknown_group": "{key} names {value!r}, which is no group; there are: {known}",
        "bad_lot": "{key} must name each project once; {value!r} does not",
    }
)
"""English sentence of each code; the names in braces are the keys of `SettingError.params`."""

_NUMBER = re.compile(r"[0-9][0-9. ]*")
_RATIO = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")
_DECIMAL = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,9}))?(%?)")
_OTHER_WORDS = {"city_wide": "pooled"}
_WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class SettingError(ValueError):
    """An option that cannot be read; `code` is a key of `MESSAGES`."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return MESSAGES[self.code].format(**self.params)


def split(texts: Sequence[str]) -> list[tuple[str, str]]:
    """`KEY=VALUE` texts as pairs; blanks around them do not count."""
    pairs = []
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise SettingError("not_key_value", text=text)
        pairs.append((key.strip(), value.strip()))
    return pairs


@dataclass(frozen=True, slots=True)
class Naming:
    """What options may name: the projects, and the groups in the order in which they are served."""

    identifiers: Sequence[str]
    groups: Sequence[str]


def parse_options(rule: Rule, pairs: Sequence[tuple[str, str]], naming: Naming) -> dict[str, Any]:
    """Values for the rule's class of options; raises `SettingError`.

    An option that holds several sets (`exclusive=a,b`) may be given several times, any other once.
    """
    kinds = get_type_hints(rule.options_class)
    values: dict[str, Any] = {}
    for key, text in pairs:
        if key not in kinds:
            known = ", ".join(sorted(kinds))
            raise SettingError("unknown_option", rule=rule.name, key=key, known=known)
        value = _value(rule, key, kinds[key], text, naming)
        if key in rule.settles and value != rule.settles[key]:
            settled = str(rule.settles[key])
            raise SettingError("settled_by_name", rule=rule.name, key=key, value=settled)
        if key in values and not _holds_sets(kinds[key]):
            raise SettingError("option_twice", key=key)
        values[key] = (*values[key], *value) if key in values else value
    return values


def parse_whole_numbers(key: str, text: str) -> tuple[int, ...]:
    """A list such as `3,2,1`."""
    return tuple(_whole(key, item) for item in _list(key, text))


def parse_money(key: str, text: str) -> int:
    """An amount in the currency's unit, as cents."""
    try:
        cents = parse_amount(text.replace(" ", ""))
    except ValueError as error:
        raise SettingError("bad_amount", key=key, value=text) from error
    if cents < 0:
        raise SettingError("bad_amount", key=key, value=text)
    return cents


def _value(rule: Rule, key: str, kind: Any, text: str, naming: Naming) -> Any:
    """The value of a text for an option of that type."""
    if key == "lot":
        return _lot(text, naming.identifiers)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if text.lower() in ("none", ""):
            return None
        (kind,) = (item for item in arguments if item is not type(None))
        return _value(rule, key, kind, text, naming)
    if origin is Literal:
        return _choice(key, arguments, text)
    if kind is bool:
        if text.lower() not in _WORDS:
            raise SettingError("bad_yes_no", key=key, value=text)
        return _WORDS[text.lower()]
    if kind is Fraction:
        return _ratio(key, text)
    if kind is int:
        return parse_money(key, text) if key in rule.amounts else _whole(key, text)
    if kind is str:
        return text
    if origin is tuple:
        return _tuple(key, arguments[0], text)
    return _of_groups(key, text, naming.groups, money=key in rule.amounts)


def _tuple(key: str, kind: Any, text: str) -> tuple[Any, ...]:
    items = _list(key, text)
    if get_origin(kind) is tuple:
        return (tuple(items),)
    if get_origin(kind) is Literal:
        return tuple(_choice(key, get_args(kind), item) for item in items)
    return tuple(items)


def _holds_sets(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_origin(get_args(kind)[0]) is tuple


def _choice(key: str, allowed: tuple[str, ...], text: str) -> str:
    word = re.sub(r"[ -]", "_", text.lower())
    for spelling in (text, word, _OTHER_WORDS.get(word)):
        if spelling in allowed:
            return str(spelling)
    raise SettingError("bad_choice", key=key, expected=", ".join(allowed), value=text)


def _whole(key: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise SettingError("bad_whole", key=key, value=text)
    return int(text)


def _ratio(key: str, text: str) -> Fraction:
    ratio, decimal = _RATIO.fullmatch(text), _DECIMAL.fullmatch(text)
    if ratio is not None and int(ratio[2]):
        return Fraction(int(ratio[1]), int(ratio[2]))
    if decimal is None:
        raise SettingError("bad_ratio", key=key, value=text)
    whole, decimals, percent = decimal.groups()
    number = Fraction(f"{whole}.{decimals or 0}")
    return number / 100 if percent else number


def _list(key: str, text: str) -> list[str]:
    items = [item.strip() for item in text.split(",")]
    if not all(items):
        raise SettingError("bad_list", key=key, value=text)
    return items


def _of_groups(key: str, text: str, groups: Sequence[str], *, money: bool) -> dict[str, int]:
    """A number per group, in the order of the groups; one number alone is for each of them."""
    if not groups:
        raise SettingError("no_groups", key=key)
    written = {} if _NUMBER.fullmatch(text) else _pairs(key, text)
    strangers = [name for name in written if name not in groups]
    if strangers:
        known = ", ".join(groups)
        raise SettingError("unknown_group", key=key, value=strangers[0], known=known)
    numbers = written or dict.fromkeys(groups, text)
    read = parse_money if money else _whole
    return {name: read(key, numbers[name]) for name in groups if name in numbers}


def _pairs(key: str, text: str) -> dict[str, str]:
    """`North:400000,South:300000`, or a JSON object for names that hold commas."""
    if text.startswith("{"):
        try:
            found = json.loads(text, parse_float=str, parse_int=str)
        except ValueError as error:
            raise SettingError("bad_pairs", key=key, value=text) from error
        return {name: str(number) for name, number in found.items()}
    values: dict[str, str] = {}
    for item in _list(key, text):
        name, colon, number = item.rpartition(":")
        if not colon or not name.strip() or name.strip() in values:
            raise SettingError("bad_pairs", key=key, value=text)
        values[name.strip()] = number.strip()
    return values


def _lot(text: str, identifiers: Sequence[str]) -> dict[str, int]:
    """A lot drawn elsewhere: the identifiers from the first to be preferred."""
    ranks = {name: rank for rank, name in enumerate(_list("lot", text), start=1)}
    if len(ranks) != len(identifiers) or set(ranks) != set(identifiers):
        raise SettingError("bad_lot", key="lot", value=text)
    return ranks
