"""What rich text may hold, enforced on the server whatever the editor sent."""

import nh3

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
SMALL_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]

_TAGS = {"a", "b", "br", "em", "h2", "h3", "h4", "i", "li", "ol", "p", "strong", "ul"}
# `linktype` and `id` are how Wagtail stores a link to a page or a document.
_ATTRIBUTES = {"a": {"href", "linktype", "id"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


def sanitise(html: str) -> str:
    """`html` reduced to plain structure: no script, style, frame, picture or odd address."""
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
