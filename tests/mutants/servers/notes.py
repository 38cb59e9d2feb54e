"""Notes: an API that is written to, with faults in what calls leave behind."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from servers.dress import is_named
from servers.exchange import Call, Credential, JsonObject, Reply, Site
from servers.flow import Api, bearer, credential_of, json_error

TOKENS = (
    Credential(secret="token-of-nora", organization="nora"),
    Credential(secret="token-of-olaf", organization="olaf"),
    Credential(secret="expired-token-of-nora", organization="nora", kind="expired"),
)
NAMES = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LONGEST = {"title": 80, "text": 500}
CAUSES = {
    "unknown-path": 404,
    "unknown-note": 404,
    "method-not-allowed": 405,
    "not-acceptable": 406,
    "unsupported-media-type": 415,
    "too-large": 413,
    "rate-limited": 429,
    "unauthorized": 401,
    "changed-meanwhile": 412,
    "malformed": 400,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note as it is kept."""

    id: str
    owner: str
    title: str
    text: str
    created_at: str
    changes: int = 0

    @property
    def tag(self) -> str:
        """Its entity tag (RFC 9110, 8.8.3)."""
        content = f"{self.id}/{self.changes}/{self.title}/{self.text}"
        return f'"{hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()[:16]}"'


@dataclass(slots=True)
class Notes:
    """All notes of one server, in the order they were written, and those that were deleted."""

    kept: dict[str, Note] = field(default_factory=dict)
    gone: dict[str, Note] = field(default_factory=dict)
    written: int = 0

    def next_id(self, site: Site) -> str:
        """Return an id that no other note has."""
        self.written += 1
        number = len(self.kept) + 1 if site.has("S11") else self.written
        return str(uuid.uuid4() if site.has("E33") else uuid.uuid5(NAMES, str(number)))

    def of(self, owner: str, site: Site) -> list[Note]:
        """Return what *owner* sees in the list."""
        seen = [each for each in self.kept.values() if each.owner == owner or site.has("S22")]
        if site.has("S04"):
            seen += [each for each in self.gone.values() if each.owner == owner]
        return seen[:-1] if site.has("S05") and len(seen) > 3 else seen

    def find(self, note_id: str, owner: str, site: Site) -> Note | None:
        """Return the note, if it is there and belongs to *owner*."""
        found = self.kept.get(note_id)
        if found is None and site.has("S01"):
            found = self.gone.get(note_id)
        return found if found and (found.owner == owner or site.has("S15")) else None


def make() -> Api:
    """Return the API of a server of its own, with three notes of Nora and one of Olaf."""
    notes = Notes()
    for owner, title in (("nora", "Milk"), ("nora", "Bread"), ("olaf", "Keys"), ("nora", "Ferry at nine")):
        _keep(notes, owner, {"title": title}, Site())

    def collection(call: Call, caller: Credential, site: Site) -> Reply:
        return (
            _create(notes, call, caller, site) if call.method == "POST" else _list(notes, call, caller, site)
        )

    def item(call: Call, caller: Credential, site: Site, note_id: str) -> Reply:
        if not ID.fullmatch(note_id):
            return refuse("unknown-note" if site.has("E34") else "malformed", site, "note_id is no UUID")
        act = {"PUT": _replace, "DELETE": _delete}.get(call.method, _read)
        return act(notes, call, caller, site, note_id)

    return Api(
        name="notes",
        routes={"/notes": collection, "/notes/(?P<note_id>[^/]+)": item},
        methods={"/notes": ("POST",), "/notes/(?P<note_id>[^/]+)": ("PUT", "DELETE")},
        refuse=refuse,
        identify=identify,
    )


def refuse(cause: str, site: Site, detail: str = "") -> Reply:
    """Word a refusal in one sentence."""
    return json_error(CAUSES[cause], {"error": detail or cause.replace("-", " ")})


def identify(call: Call, site: Site) -> Credential | Reply:
    """Return whose token was sent, or the challenge."""
    token = bearer(call, site)
    found = credential_of(token, TOKENS) if token else None
    if found is None or found.kind != "good":
        return refuse("unauthorized", site).plus(WWW_Authenticate='Bearer realm="notes"')
    return found


def _shown(note: Note, site: Site, status: int = 200) -> Reply:
    names = ("id", "title", "text", "created_at", "changes")
    content: JsonObject = {name: getattr(note, name) for name in names}
    tag = f'"{note.id}"' if site.has("S18") else note.tag
    return Reply(status=status, content=content).plus(ETag=tag)


def _list(notes: Notes, call: Call, caller: Credential, site: Site) -> Reply:
    page, per_page = _number(call, "page", 1, 1_000_000), _number(call, "per_page", 20, 100)
    if page is None or per_page is None:
        return refuse("malformed", site, "page or per_page is out of range")
    seen = notes.of(caller.organization, site)
    start = (page - 1) * per_page - (1 if site.has("S13") and page > 1 else 0)
    total = len(seen) + (len(notes.gone) if site.has("S12") else 0)
    rows = [_shown(note, site).content for note in seen[start : start + per_page]]
    return Reply(content={"notes": rows, "page": page, "per_page": per_page, "total": total})


def _number(call: Call, name: str, default: int, most: int) -> int | None:
    values = call.values(name)
    if not values:
        return default
    is_number = len(values) == 1 and re.fullmatch("[1-9][0-9]{0,6}", values[0])
    return int(values[0]) if is_number and int(values[0]) <= most else None


def _create(notes: Notes, call: Call, caller: Credential, site: Site) -> Reply:
    given = _given(call, site)
    if isinstance(given, Reply):
        return given
    note = _keep(notes, caller.organization, given, site)
    place = uuid.uuid5(NAMES, "nowhere") if site.has("S10") else note.id
    return _shown(note, site, 200 if site.has("S20") else 201).plus(Location=f"/notes/{place}")


def _keep(notes: Notes, owner: str, given: JsonObject, site: Site) -> Note:
    title, text = given["title"], given.get("text", "")
    if site.has("S09"):
        title = title[:10]
    if site.has("S21"):
        text = text.encode().decode("latin-1")[:500]
    fraction = ".250" if site.has("E35") else ""
    note = Note(
        id=notes.next_id(site),
        owner=owner,
        title=title,
        text=text,
        created_at=f"{site.now:%Y-%m-%dT%H:%M:%S}{fraction}Z",
    )
    notes.kept[note.id] = note
    return note


def _given(call: Call, site: Site) -> JsonObject | Reply:
    """Return the note in the body, or why it is none."""
    if call.is_cut:
        return refuse("too-large", site)
    media = (call.header("content-type") or "").partition(";")[0].strip().lower()
    if media != "application/json":
        return refuse("unsupported-media-type", site)
    try:
        given: Any = json.loads(call.body)
    except (ValueError, RecursionError):
        return refuse("malformed", site, "the body is no JSON")
    if not isinstance(given, dict) or "title" not in given or set(given) - set(LONGEST):
        return refuse("malformed", site, "a note has a title, and may have a text")
    for name, value in given.items():
        if not isinstance(value, str) or len(value) > LONGEST[name] or not _is_text(value):
            return refuse("malformed", site, f"{name} is no text of at most {LONGEST[name]} characters")
    if not given["title"] and not site.has("S19"):
        return refuse("malformed", site, "title is empty")
    return given


def _is_text(value: str) -> bool:
    """Tell whether *value* can be written as UTF-8, which half of a surrogate pair cannot."""
    return not re.search("[\ud800-\udfff]", value)


def _read(notes: Notes, call: Call, caller: Credential, site: Site, note_id: str) -> Reply:
    note = notes.find(note_id, caller.organization, site)
    if note is None:
        return refuse("unknown-note", site)
    shown = _shown(note, site)
    # RFC 9110, 13.2.1: who has tags evaluates every condition on them.
    if is_named(shown.headers["ETag"], call.header("if-none-match")):
        return Reply(status=304, headers=shown.headers)
    return shown


def _replace(notes: Notes, call: Call, caller: Credential, site: Site, note_id: str) -> Reply:
    note = notes.find(note_id, caller.organization, site)
    if note is None and site.has("E36"):
        return refuse("unknown-note", site)
    given = _given(call, site)
    if isinstance(given, Reply):
        return given
    if note is None and site.has("S14"):
        return _shown(_keep(notes, caller.organization, given, site), site)
    if note is None:
        return refuse("unknown-note", site)
    if (wanted := call.header("if-match")) is not None and not site.has("S17"):
        tags = {each.strip() for each in wanted.split(",")}
        if not tags & {"*", note.tag}:
            return refuse("changed-meanwhile", site)
    text = given.get("text", note.text if site.has("S07") else "")
    later = replace(note, title=given["title"], text=text, changes=note.changes + 1)
    if site.has("S08"):
        later = replace(later, created_at=f"2024-02-15T12:00:{later.changes % 60:02}Z")
    if not site.has("S06"):
        notes.kept[note.id] = later
    return _shown(later, site)


def _delete(notes: Notes, call: Call, caller: Credential, site: Site, note_id: str) -> Reply:
    note = notes.kept.get(note_id)
    if note is None or (note.owner != caller.organization and not site.has("S16")):
        is_kind = site.has("S02") or (site.has("S03") and note_id in notes.gone)
        return Reply(status=204) if is_kind else refuse("unknown-note", site)
    if not site.has("S23"):
        notes.gone[note_id] = notes.kept.pop(note_id)
    return Reply(status=204)
