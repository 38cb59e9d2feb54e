"""The reference means what it says: the invariants of the four APIs, asked from outside."""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import quote

import pytest
from asking import client, onomondo_pages, talkdesk_pages
from servers.onomondo_world import luhn

MONTHS = [(2023, month) for month in range(1, 13)] + [(2024, 1)]
EUIS = [f"00005EEF100000{number:02X}" for number in range(1, 11)]


@pytest.mark.parametrize("eui", EUIS)
def test_senet_counts_add_up(eui: str) -> None:
    """Devices are nested, uplinks are local or foreign, what is cumulative never falls (I0-01 to I0-08)."""
    seen = []
    for year, month in MONTHS:
        answer = client("senet").send(
            "GET", f"/rest/integration/usage/summary?eui={eui}&year={year}&month={month}", by="own-usage-key"
        )
        if answer.status != 200:
            continue
        found = answer.content
        seen.append(found)
        assert min(found.values()) >= 0
        assert max(found.values()) < 2**53
        assert found["numberOfReportingDevices"] <= found["numberOfActiveDevices"] <= found["numberOfDevices"]
        assert found["numberOfReportingDevices"] <= found["numberOfDevicesEvaluated"]
        assert (found["numberOfReportingDevices"] == 0) == (found["totalUpPackets"] == 0)
        assert found["totalUpPackets"] >= found["numberOfReportingDevices"]
        assert found["totalUpPackets"] == found["totalLocalUpMsg"] + found["totalForeignUpMsg"]
        assert found["numberOfActiveDevices"] == found["totalActivations"] - found["totalDeactivations"]
        assert found["totalActivations"] <= found["totalRegistrations"]

    for earlier, later in pairwise(seen):
        assert all(
            earlier[f"total{name}"] <= later[f"total{name}"]
            for name in ("Registrations", "Activations", "Deactivations")
        )


@pytest.mark.parametrize(
    "path", ["/usage?filter=time:2024-01", "/usage/000000001", "/usage?group=hours&filter=time:2020"]
)
@pytest.mark.parametrize("limit", [40, 100])
def test_onomondo_pages_hold_each_record_once(path: str, limit: int) -> None:
    """Whatever the limit, the pages together are the list, all but the last full (I1-01 to I1-06)."""
    asked = client("onomondo")
    whole = [row for rows in onomondo_pages(asked, path) for row in rows]
    joint = "&" if "?" in path else "?"
    pages = list(onomondo_pages(asked, f"{path}{joint}limit={limit}"))

    assert [row for rows in pages for row in rows] == whole
    assert {len(rows) for rows in pages[:-1]} <= {limit}
    assert pages[-1]
    assert asked.get(f"{path}{joint}offset=5", "full-key")["usage"] == whole[5:1005]
    assert sorted(whole, key=lambda row: (row["time"], row["sim_id"])) == whole


def test_onomondo_records_are_sound() -> None:
    """Bills are unique, cards pass Luhn, a session has one SIM (I1-17 to I1-20)."""
    rows = [row for page in onomondo_pages(client("onomondo"), "/usage") for row in page]
    sessions: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        sessions.setdefault(row["session_id"], []).append((row["sim_id"], row["time"]))

    assert len({row["bill_id"] for row in rows}) == len(rows) > 1000
    assert all(luhn(row["iccid"][:-1]) == row["iccid"][-1] for row in rows)
    assert len({(row["sim_id"], row["iccid"]) for row in rows}) == len({row["sim_id"] for row in rows})
    assert all(len({sim for sim, _ in steps}) == 1 for steps in sessions.values())


def test_onomondo_filters_narrow_and_days_make_a_month() -> None:
    """Filters take records away, days add up to their month, and a path is a filter (I1-07 to I1-11)."""
    asked = client("onomondo")

    def rows(target: str) -> list[dict[str, object]]:
        return [row for page in onomondo_pages(asked, target) for row in page]

    year, days = rows("/usage?filter=time:2020"), []
    for month in range(1, 13):
        days += rows(f"/usage?filter=time:2020-{month:02}")
    assert days == year
    assert rows("/usage?filter=sim_id:000000001") == rows("/usage/000000001")
    assert rows("/usage?filter=country_code:DK") == rows("/usage?filter[]=country_code%3Adk")
    assert rows("/usage?filter%5B%5D=time:2020-01&filter%5B%5D=country_code:se") == [
        row for row in rows("/usage?filter=time:2020-01") if row["country_code"] == "se"
    ]


def test_onomondo_totals_are_sums() -> None:
    """A tag is the sum of its SIMs, an hour the sum of its records (I1-14, I1-15)."""
    asked = client("onomondo")

    def total(target: str) -> int:
        return sum(row["bytes"] for page in onomondo_pages(asked, target) for row in page)

    meters = "/usage/tag-total/036eb4b3-4f6a-4a9a-b10c-6306ac5088a3"
    sims = ("000000001", "000000002", "000000006", "000000010")
    limited = "/usage?limit=1000"
    assert asked.get(meters, "full-key")["usage"] == sum(total(f"/usage/{sim}") for sim in sims)
    assert asked.get("/usage/tag-total/1e2feb89-414c-443c-9027-c4d1c386bbc4", "full-key")["usage"] == 0
    assert total("/usage?group=hours") == total("/usage")
    assert {
        row["sim_id"] for page in onomondo_pages(asked, limited, "tag-limited-key") for row in page
    } <= set(sims)


SESSIONS = [
    "admin-session",
    "over-session",
    "nothing-included-session",
    "yen-session",
    "dinar-session",
    "new-session",
]


@pytest.mark.parametrize("session", SESSIONS)
def test_billing_adds_up(session: str) -> None:
    """Overage, percentage and cost follow from what is used; an outlook is never below (I2-01 to I2-13)."""
    data = client("saas-billing").get("/api/billing/usage", session)["data"]
    for name, metric in data["metrics"].items():
        assert metric["overage"] == pytest.approx(max(0, metric["used"] - metric["included"]))
        if metric["included"]:
            assert metric["percentage"] == pytest.approx(metric["used"] / metric["included"] * 100, abs=0.006)
        if name in data.get("projectedUsage", {}):
            assert data["projectedUsage"][name]["projected"] >= metric["used"]
    cost = data["estimatedCost"]
    assert cost["total"] == pytest.approx(cost["base"] + cost["overage"])
    assert (cost["overage"] > 0) == any(metric["overage"] > 0 for metric in data["metrics"].values())


@pytest.mark.parametrize(
    ("first", "second", "joint"),
    [
        ("startDate=2024-01-01&endDate=2024-01-15", "startDate=2024-01-16&endDate=2024-01-31",
         "startDate=2024-01-01&endDate=2024-01-31"),
        ("startDate=2023-03-01&endDate=2023-12-31", "startDate=2024-01-01&endDate=2024-02-10",
         "startDate=2023-03-01&endDate=2024-02-10"),
    ],
)  # fmt: skip
def test_billing_ranges_add_up(first: str, second: str, joint: str) -> None:
    """Two adjoining ranges have the counters of the joint one (I2-16)."""
    asked = client("saas-billing")
    parts, whole = (
        [asked.get(f"/api/billing/usage?{query}", "admin-session")["data"]["metrics"] for query in queries]
        for queries in ((first, second), (joint,))
    )
    for name in ("apiCalls", "bandwidth"):
        assert sum(part[name]["used"] for part in parts) == pytest.approx(whole[0][name]["used"])
        assert whole[0][name]["used"] > 0


def test_billing_filters_change_no_value() -> None:
    """Every spelling of two metrics gives these two, with the values of the whole (I2-11, I2-19)."""
    asked = client("saas-billing")
    whole = asked.get("/api/billing/usage?", "admin-session")["data"]
    for text in ("api_calls,storage", "apiCalls%2Cstorage", "storage,api_calls"):
        data = asked.get(f"/api/billing/usage?metrics={text}", "admin-session")["data"]
        assert data["metrics"] == {name: whole["metrics"][name] for name in ("apiCalls", "storage")}
    assert asked.get("/api/billing/usage?metrics=", "admin-session")["data"] == whole
    unplanned = asked.get("/api/billing/usage?metrics=emails,seats", "admin-session")["data"]["metrics"]
    assert set(unplanned) == {"emails", "seats"}
    assert unplanned["emails"]["used"] == unplanned["emails"]["percentage"] == 0


@pytest.mark.parametrize("name", ["startDate", "endDate"])
def test_an_empty_date_is_refused(name: str) -> None:
    """A date that is sent empty is not one that was left out."""
    assert client("saas-billing").send("GET", f"/api/billing/usage?{name}=", by="admin-session").status == 400


@pytest.mark.parametrize("size", [2, 50, 250])
@pytest.mark.parametrize("order", ["id:asc", "id:desc"])
def test_talkdesk_links_lead_through_everything(size: int, order: str) -> None:
    """Links visit every row once and in order, and the counters fit (I3-01 to I3-04, I3-15)."""
    asked, query = client("talkdesk"), "filter=contains(month,'2023-1')&" if size == 2 else ""
    pages = list(talkdesk_pages(asked, f"/express/usage/month?{query}per_page={size}&order_by={order}"))
    rows = [row for page in pages for row in page["_embedded"]["usage"]]

    assert [page["page"] for page in pages] == list(range(1, pages[0]["total_pages"] + 1))
    assert len({row["id"] for row in rows}) == len(rows) == pages[0]["total"]
    assert sorted(rows, key=lambda row: row["id"], reverse=order == "id:desc") == rows
    assert [("prev" in page["_links"]) for page in pages] == [False] + [True] * (len(pages) - 1)


def test_talkdesk_rows_are_sound() -> None:
    """Amounts are price times units, tuples unique, accounts own, months past (I3-05 to I3-13)."""
    pages = talkdesk_pages(client("talkdesk"), "/express/usage/month?per_page=250")
    rows = [row for page in pages for row in page["_embedded"]["usage"]]
    halves = {"USD": 0.005, "EUR": 0.005, "GBP": 0.005, "JPY": 0.5, "KWD": 0.0005}
    tuples = {
        tuple(
            str(value) for name, value in row.items() if name not in ("id", "number_of_units", "total_amount")
        )
        for row in rows
    }

    assert all(
        abs(row["total_amount"] - row["price"] * row["number_of_units"]) <= halves[row["currency"]] + 1e-9
        for row in rows
    )
    assert len(tuples) == len(rows) > 250
    assert all(row["month"] <= "2024-02" and row["account_id"] < "5ea75fe7aa224700012eb" for row in rows)
    assert not [row for row in rows if row["resolution"] and not row["direction"]]
    assert len({row["product_id"] for row in rows}) == len(
        {(row["product_id"], row["aggr_product_id"]) for row in rows}
    )


def test_talkdesk_filters_follow_their_grammar() -> None:
    """`or` is the union, `and` the intersection and binds tighter, `not` the rest (I3-09)."""
    asked = client("talkdesk")

    def ids(text: str) -> set[str]:
        target = f"/express/usage/month?per_page=250&filter={quote(text)}"
        return {row["id"] for page in talkdesk_pages(asked, target) for row in page["_embedded"]["usage"]}

    every, august, september = (
        ids("contains(month,'20')"),
        ids("month eq '2023-08'"),
        ids("month eq '2023-09'"),
    )
    own = ids("account_id eq '5ea75fe7aa224700012eae40'")
    assert ids("month eq '2023-08' or month eq '2023-09'") == august | september
    assert ids("not month eq '2023-08'") == every - august
    assert ids("(month eq '2023-08' and account_id eq '5ea75fe7aa224700012eae40')") == august & own
    assert ids(
        "month eq '2023-09' or month eq '2023-08' and account_id eq '5ea75fe7aa224700012eae40'"
    ) == september | (august & own)
    assert ids("not (month eq '2023-08' or month eq '2023-09')") == every - august - september
    assert august & own
