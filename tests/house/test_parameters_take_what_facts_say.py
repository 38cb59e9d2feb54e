"""The built-in documents accept the requests that the facts call good and refuse those they call bad.

The judge is jsonschema with formats asserted, on values as the parameters' styles decode them.
"""

from __future__ import annotations

import calendar
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

ROOT: Final = Path(__file__).parents[2]
ACCOUNT: Final = "account_id eq '5ea75fe7aa224700012eae40'"

GOOD: Final[dict[tuple[str, str], list[object]]] = {
    ("senet", "Eui64"): ["00005EEF10000001", "00005eef10000001"],
    ("onomondo", "UsageFilter"): [
        "time:2020",
        "time:2020-01",
        "time:2020-01-30",
        "time:2024-02-29",
        "sim_id:000000001",
        "country_code:dk",
        "country_code:DK",
    ],
    ("onomondo", "SimUsageFilter"): ["time:2020-01-30", "country_code:dk"],
    ("onomondo", "PageToken"): ["MDAyNDY0OTk5"],
    ("saas-billing", "Moment"): [
        "2024-01-31",
        "2024-02-29",
        "2024-01-01T08:30:00Z",
        "2024-01-01T08:30:00.25+05:30",
    ],
    ("talkdesk", "FilterExpression"): [
        ACCOUNT,
        " or ".join([ACCOUNT] * 36),
        f"(month eq '2023-08' and {ACCOUNT})",
        "not (month eq '2023-08' or month eq '2023-09') and contains(month,'2023')",
    ],
}
BAD: Final[dict[tuple[str, str], list[object]]] = {
    ("senet", "Eui64"): ["XYZ", "0" * 15, "0" * 17, "00-00-5E-EF-10-00-00-01", "0x005EEF10000001", ""],
    ("onomondo", "UsageFilter"): [
        "time",
        "time:",
        "time:2020-13",
        "time:2020-02-30",
        "time:2023-02-29",
        "sim_id:1",
        "country_code:dnk",
        "colour:red",
        "",
    ],
    ("onomondo", "SimUsageFilter"): ["sim_id:000000001"],
    ("onomondo", "PageToken"): ["", "not base64!"],
    ("saas-billing", "Moment"): ["2024-02-30", "2023-02-29", "01/02/2024", "yesterday", ""],
    ("talkdesk", "FilterExpression"): [
        " or ".join([ACCOUNT] * 37),
        "account eq '5ea75fe7aa224700012eae40'",
        "month eq 2023-08",
        "month eq '2023-08' and",
        "month eq '2023-08' month eq '2023-09'",
        "",
    ],
}
PARAMETERS: Final[dict[tuple[str, str], tuple[list[object], list[object]]]] = {
    ("onomondo", "limit"): (["1", "10", "999", "1000"], ["0", "1001", "-1", "10.5", "abc", "", "01"]),
    ("onomondo", "offset"): ([0, 7], [-1, "x"]),
    ("onomondo", "group"): (["hours"], ["days", ""]),
    ("saas-billing", "metrics"): (["", "api_calls,storage", "apiCalls"], ["a,,b", ",", "api-calls"]),
    ("senet", "month"): ([1, 12], [0, 13, 1.5, "Jan", ""]),
    ("senet", "year"): ([24, 2024], [0, -1, "20x4"]),
    ("talkdesk", "page"): ([1, 9999], [0, "x"]),
    ("talkdesk", "per_page"): ([1, 250], [0, 251, "x"]),
    ("talkdesk", "order_by"): (["id:asc", "id:desc"], ["month:asc", "id", "id:up"]),
}


@cache
def document_of(name: str) -> Any:  # noqa: ANN401 -- an OpenAPI document is walked as plain JSON
    """Return the document of *name* as plain values."""
    return yaml.safe_load((ROOT / "openapi" / f"{name}.yaml").read_text())


def validator_of(document: Any, schema: dict[str, Any]) -> Draft202012Validator:  # noqa: ANN401 -- JSON
    """Return an independent validator of *schema*, which may refer into *document*."""
    return Draft202012Validator(
        schema,
        registry=Registry().with_resource("urn:document", DRAFT202012.create_resource(document)),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def component(name: str, schema: str) -> Draft202012Validator:
    """Return a validator of a named schema of the API *name*."""
    return validator_of(document_of(name), {"$ref": f"urn:document#/components/schemas/{schema}"})


def parameter(name: str, wanted: str) -> Draft202012Validator:
    """Return a validator of the parameter *wanted* of the API *name*, whose schema refers to nothing."""
    document = document_of(name)
    shared = document["components"].get("parameters", {}).values()
    inline = [one for item in document["paths"].values() for one in item["get"]["parameters"]]
    return validator_of(
        document, next(one["schema"] for one in [*shared, *inline] if one.get("name") == wanted)
    )


@pytest.mark.parametrize(("name", "schema"), GOOD)
def test_good_text_is_accepted(name: str, schema: str) -> None:
    """Whatever the vendor's pages show as good is accepted."""
    validator = component(name, schema)

    assert [value for value in GOOD[name, schema] if not validator.is_valid(value)] == []


@pytest.mark.parametrize(("name", "schema"), BAD)
def test_bad_text_is_refused(name: str, schema: str) -> None:
    """Whatever the error scenarios name as malformed is refused by the schema alone."""
    validator = component(name, schema)

    assert [value for value in BAD[name, schema] if validator.is_valid(value)] == []


@pytest.mark.parametrize(("name", "wanted"), PARAMETERS)
def test_parameters_stop_at_their_limits(name: str, wanted: str) -> None:
    """Limits are those of the facts: the last good value is accepted, the next one refused."""
    good, bad = PARAMETERS[name, wanted]
    validator = parameter(name, wanted)

    assert [value for value in good if not validator.is_valid(value)] == []
    assert [value for value in bad if validator.is_valid(value)] == []


@pytest.mark.parametrize("year", [1900, 2000, 2023, 2024, 2100, 9996])
def test_patterns_know_the_calendar(year: int) -> None:
    """The patterns alone tell which days exist, leap years included, where formats are not asserted."""
    schemas = document_of("saas-billing")["components"]["schemas"]
    date = re.compile(schemas["Moment"]["anyOf"][0]["pattern"])
    usage = re.compile(document_of("onomondo")["components"]["schemas"]["UsageFilter"]["pattern"])
    days = [(month, day) for month in range(14) for day in range(33)]
    exist = {
        (month, day)
        for month, day in days
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    }

    assert {one for one in days if date.search(f"{year}-{one[0]:02d}-{one[1]:02d}")} == exist
    assert {one for one in days if usage.search(f"time:{year}-{one[0]:02d}-{one[1]:02d}")} == exist
