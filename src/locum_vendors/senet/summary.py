"""The twelve counters of a month (V0-05), counted on the devices, so that they agree with each other.

A device transmits at a steady beat from its activation on, unless the month is a quiet one for it. What it
sent within any stretch of time is a difference of two counts: a month that is still running only grows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from locum.contract import JsonObject
from locum_vendors.senet.applications import Application, Device
from locum_vendors.senet.months import Month

__all__ = ["summarise"]

_THOUSAND: Final = 1000
#: In one month out of so many an active device is not heard.
_UNHEARD: Final = 9
_MASK: Final = (1 << 64) - 1
_ODD: Final = 0x9E3779B97F4A7C15  # 2**64 divided by the golden ratio


class _Traffic(NamedTuple):
    """What one device did in a month: uplinks and joins."""

    up: int = 0
    joins: int = 0


def summarise(devices: Iterable[Device], application: Application, month: Month) -> JsonObject:
    """Return the counters of *month*; registrations, activations and deactivations run since the start."""
    known = [each for each in devices if each.registered < month.until]
    activated = [each for each in known if each.activated < month.until]
    active = [each for each in activated if each.deactivated >= month.until]
    traffic = [_traffic(each, application, month) for each in active]
    up = sum(each.up for each in traffic)
    foreign = up * application.foreign_permille // _THOUSAND
    gone = len(activated) - len(active)
    counters = {
        # Who is deactivated leaves the Application.
        "numberOfDevices": len(known) - gone,
        "numberOfActiveDevices": len(active),
        "numberOfReportingDevices": sum(each.up > 0 for each in traffic),
        "numberOfDevicesEvaluated": len(known) - gone,
        "totalRegistrations": len(known),
        "totalActivations": len(activated),
        "totalDeactivations": gone,
        "totalUpPackets": up,
        "totalDownPackets": up * application.downlink_permille // _THOUSAND,
        "totalSecuritySession": sum(each.joins for each in traffic),
        # I0-06: each packet is counted by one operator.
        "totalLocalUpMsg": up - foreign,
        "totalForeignUpMsg": foreign,
    }
    return {name: count * application.copies for name, count in counters.items()}


def _traffic(device: Device, application: Application, month: Month) -> _Traffic:
    """Return the traffic of a device that is active at the end of *month*."""
    if application.habit != "active":
        return _Traffic()
    since = max(month.start, device.activated)
    joins = _beats(since, month.until, device.rejoin_s, device.activated)
    if month.index in application.quiet or _is_unheard(device, month):
        return _Traffic(joins=joins)
    return _Traffic(up=_beats(since, month.until, device.every_s, device.draw), joins=joins)


def _beats(since: int, until: int, every_s: int, phase: int) -> int:
    """Count the beats, *every_s* apart and one of them at *phase*, from *since* to before *until*."""
    return -((phase - until) // every_s) + (phase - since) // every_s


def _is_unheard(device: Device, month: Month) -> bool:
    return (((device.draw ^ month.index * _ODD) * _ODD & _MASK) >> 40) % _UNHEARD == 0
