"""Video hosts that editors may link to, and how each is embedded without its trackers."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

_IDENTIFIER = re.compile(r"^[A-Za-z0-9_-]{4,40}$")

PEERTUBE_HOSTS = ("tube.numerique.gouv.fr", "peertube.fr", "framatube.org", "video.ploud.fr")
EMBED_ORIGINS = (
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://geo.dailymotion.com",
    *(f"https://{host}" for host in PEERTUBE_HOSTS),
)


@dataclass(frozen=True, slots=True)
class Video:
    """A video elsewhere: who hosts it, its public page and the address of its player."""

    host: str
    page_url: str
    embed_url: str


def recognise(url: str) -> Video | None:
    """The video behind a public address; None when its host is not on the list."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme != "https" or parts.username or parts.port:
        return None
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    path = [piece for piece in parts.path.split("/") if piece]
    name, identifier, template = "", "", ""
    if host == "youtube.com" and path == ["watch"]:
        identifier = parse_qs(parts.query).get("v", [""])[0]
    elif (host == "youtube.com" and len(path) == 2 and path[0] in ("shorts", "embed", "live")) or (
        host == "youtube-nocookie.com" and len(path) == 2 and path[0] == "embed"
    ):
        identifier = path[1]
    elif host == "youtu.be" and len(path) == 1:
        identifier = path[0]
    if identifier:
        name, template = "YouTube", "https://www.youtube-nocookie.com/embed/{}"
    elif host in ("vimeo.com", "player.vimeo.com") and path and path[-1].isdigit():
        name, identifier = "Vimeo", path[-1]
        template = "https://player.vimeo.com/video/{}?dnt=1"
    elif host == "dailymotion.com" and len(path) == 2 and path[0] == "video":
        name, identifier = "Dailymotion", path[1]
        template = "https://geo.dailymotion.com/player.html?video={}"
    elif host in PEERTUBE_HOSTS and len(path) >= 2 and path[0] in ("w", "videos"):
        name, identifier = f"PeerTube ({host})", path[-1]
        template = f"https://{host}/videos/embed/{{}}?p2p=0"
    if not _IDENTIFIER.match(identifier):
        return None
    return Video(host=name, page_url=url.strip(), embed_url=template.format(identifier))
