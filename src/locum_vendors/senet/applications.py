"""Applications as the records list them, and their devices, which seed and EUI make.

A device is registered, activated some days later or never, and sometimes deactivated; it then leaves its
Application. Devices leave at the start of a month, as contracts end, so none was heard in its last month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from locum.behaviour import World
from locum_vendors.calendar_months import DAY_S, index_of, start_of

__all__ = ["Application", "Device", "devices_of", "find_application"]

_NEVER: Final = 1 << 62
#: Registrations come in over so many months, most of them early.
_GROWTH: Final = 24
#: One device in so many is never activated, one in so many is deactivated again.
_IDLE, _LEAVING = 20, 12
#: A joined device joins again after so many days.
_REJOIN_DAYS: Final = (20, 120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A LoRa Application; *owner* and *manager* are companies, and either may read it.

    *created* is the number of its first month. *copies*: each device stands for so many alike.
    *habit* is what its devices do: `active`, `silent` (never heard) or `shelved` (never activated).
    *uplink_every_s* is the mean time between two uplinks; of a thousand uplinks *foreign_permille* are heard
    by other operators, and *downlink_permille* are answered. Nothing is heard in *quiet* months.
    """

    eui: str
    owner: str
    manager: str
    created: int
    devices: int
    copies: int
    habit: str
    uplink_every_s: int
    foreign_permille: int
    downlink_permille: int
    quiet: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device's life in Unix seconds; what has not happened lies out of reach of every clock.

    *every_s* is the time between two uplinks, *rejoin_s* that between two joins. *draw* is its own number.
    """

    registered: int
    activated: int
    deactivated: int
    every_s: int
    rejoin_s: int
    draw: int


def find_application(world: World, eui: str) -> Application | None:
    """Return the Application with this EUI, in either case (R0-07)."""
    wanted = eui.upper()
    found = (each for each in world.all("applications") if str(each["eui"]).upper() == wanted)
    record = next(found, None)
    return None if record is None else _application(record)


def devices_of(world: World, application: Application) -> tuple[Device, ...]:
    """Return the devices of *application*, in the order in which they were thought of."""
    key = ("senet", "devices", application)
    return world.once(key, lambda: tuple(_device(world, application, n) for n in range(application.devices)))


def _application(record: Mapping[str, Any]) -> Application:
    return Application(
        eui=str(record["eui"]).upper(),
        owner=str(record["owner"]),
        manager=str(record.get("manager", "")),
        created=_month(record["created_month"]),
        devices=int(record.get("devices", 1)),
        copies=int(record.get("copies", 1)),
        habit=str(record.get("habit", "active")),
        uplink_every_s=int(record.get("uplink_every_s", 3600)),
        foreign_permille=int(record.get("foreign_permille", 300)),
        downlink_permille=int(record.get("downlink_permille", 20)),
        quiet=frozenset(map(_month, record.get("quiet_months", ()))),
    )


def _month(text: object) -> int:
    year, _, month = str(text).partition("-")
    return index_of(int(year), int(month))


def _device(world: World, application: Application, number: int) -> Device:
    """Make one device; each draw is a number below its bound, taken off one large one."""
    draw = world.number("senet", application.eui, number)
    rest, month = divmod(draw, _GROWTH)
    rest, second = divmod(rest, 28 * DAY_S)
    rest, delay = divmod(rest, 20 * DAY_S)
    rest, fate = divmod(rest, _IDLE * _LEAVING)
    rest, stay = divmod(rest, _GROWTH)
    # The first device comes with its Application, so that no month of it is without any.
    later = month * month // _GROWTH if number else 0
    registered = start_of(application.created + later) + (second if number else 0)
    is_activated = application.habit != "shelved" and (not number or fate % _IDLE > 0)
    leaves = is_activated and number > 0 and fate // _IDLE == 0
    first, last = _REJOIN_DAYS
    return Device(
        registered=registered,
        activated=registered + delay // (1 if number else 10) if is_activated else _NEVER,
        # Activated at most 48 days into the month of registration, it stays for a month at least.
        deactivated=start_of(application.created + later + 3 + stay) if leaves else _NEVER,
        every_s=max(1, application.uplink_every_s * (80 + draw % 41) // 100),
        rejoin_s=(first + draw % (last - first)) * DAY_S,
        draw=draw,
    )
