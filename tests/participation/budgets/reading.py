"""Reading pages as a visitor does."""

import html
import json
import re
from typing import Any

_TITLE = re.compile(r'class="card-title"><a href="([^"]*)">(.*?)</a>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def text_of(response: Any) -> str:
    """The body of a response, streamed or not."""
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


def card_titles(response: Any) -> list[str]:
    """Titles of the cards or rows of a list, in their order."""
    return [html.unescape(title) for _url, title in _TITLE.findall(text_of(response))]


def feature_titles(response: Any) -> list[str]:
    """Titles of the features of a GeoJSON answer, in their order."""
    return [each["properties"]["title"] for each in json.loads(text_of(response))["features"]]


def hidden_fields(response: Any) -> dict[str, str]:
    """Hidden inputs of a page by name (the last one when there are several)."""
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(text_of(response))}
