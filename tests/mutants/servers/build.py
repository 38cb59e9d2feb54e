"""Which APIs there are, and how one is put on a connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from servers import notes, onomondo, saas_billing, senet, talkdesk
from servers.exchange import Call, Reply, Site
from servers.flow import Meter, respond, respond_unread
from servers.wire import Conversation

APIS = {api.name: api for api in (senet.API, onomondo.API, saas_billing.API, talkdesk.API)}
#: The four that are built in.
NAMES = sorted(APIS)
#: Those and the one that is written to.
ALL_NAMES = [*NAMES, "notes"]


def conversation_maker(name: str, site: Site, *, clock: Callable[[], float]) -> Callable[[], Conversation]:
    """Return what makes a conversation with one server; *clock* gives seconds that only ever grow."""
    api, meter, began = APIS.get(name) or notes.make(), Meter(clock=clock), clock()

    def current() -> Site:
        """Return the site now: its clock stands, but for the variant in which it runs."""
        passed = timedelta(seconds=int(clock() - began))
        return replace(site, now=site.now + passed) if site.has("E31") else site

    def answer(call: Call) -> Reply:
        return respond(call, api, current(), meter)

    def refuse(status: int) -> Reply:
        """Word what could not even be read as a request."""
        return respond_unread(status, api, site, meter)

    return lambda: Conversation(answer, refuse, site)
