from __future__ import annotations

import re

import pytest

from locum.behaviour.corrections import Correction
from locum.behaviour.model import Cause, Credential, CredentialStatus, Fixtures, RefusalRule
from locum.catalog.fixtures import read_fixtures
from locum.contract.model import Location, Place, SecurityScheme, SecurityType
from locum.errors import FixtureError

SCHEMES = {
    "apiKey": SecurityScheme(
        name="apiKey",
        type=SecurityType.API_KEY,
        location=Location.HEADER,
        parameter="X-Key",
        place=Place(uri="api.yaml", pointer="/components/securitySchemes/apiKey"),
    )
}


def faults(text: str) -> list[str]:
    """Return what is told about a sheet that is refused."""
    with pytest.raises(FixtureError) as refused:
        read_fixtures(text.encode(), file="contract.yaml", schemes=SCHEMES)
    return [str(each) for each in refused.value.diagnostics]


def test_every_key_of_the_format_is_read() -> None:
    """All that `contract.yaml` may say arrives in `Fixtures`."""
    text = """
realm: usage
hosts: [API.example.com]
security:
  accepts: {apiKey: [usage]}
  bare: [apiKey]
credentials:
  - id: own
    scheme: apiKey
    secret: s3cret
    kind: usage
    scopes: [read]
    status: expired
    description: An old key.
    attributes: {organisation: 7}
refusals:
  - causes: [missing-credential, wrong-kind]
    parameter: month
    status: 403
    headers: {Retry-After: 5}
    body: {error: "{detail}"}
    source: the vendor's error page
settings: {page: 50}
"""

    read = read_fixtures(text.encode(), file="contract.yaml", schemes=SCHEMES)

    assert read == Fixtures(
        realm="usage",
        hosts=("api.example.com",),
        accepts={"apiKey": frozenset({"usage"})},
        bare=frozenset({"apiKey"}),
        credentials=(
            Credential(
                id="own",
                scheme="apiKey",
                secret="s3cret",
                kind="usage",
                scopes=frozenset({"read"}),
                status=CredentialStatus.EXPIRED,
                description="An old key.",
                attributes={"organisation": 7},
            ),
        ),
        refusals=(
            RefusalRule(
                causes=frozenset({Cause.MISSING_CREDENTIAL, Cause.WRONG_KIND}),
                parameter="month",
                status=403,
                headers={"Retry-After": "5"},
                body={"error": "{detail}"},
            ),
        ),
        settings={"page": 50},
    )


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "{}"])
def test_an_empty_sheet_says_nothing(text: str) -> None:
    """A file that was only begun is as good as none."""
    assert read_fixtures(text.encode(), file="contract.yaml", schemes=SCHEMES) == Fixtures()


def test_an_unknown_key_is_told_with_its_line_and_the_nearest_one() -> None:
    """A slip of the pen is found where it stands."""
    (told,) = faults("realm: a\ncredentails: []\n")

    assert told == (
        "contract.yaml:2:1 /credentails: error: unknown key `credentails` [fixtures.unknown-key]\n"
        "  hint: did you mean `credentials`?"
    )


def test_an_unknown_word_is_told_with_the_nearest_one() -> None:
    """Words out of a list are checked against it."""
    (told,) = faults("refusals:\n- causes: [mising-credential]\n")

    assert told == (
        "contract.yaml:2:12 /refusals/0/causes/0: error: `mising-credential` is not known here"
        " [fixtures.unknown-word]\n  hint: did you mean `missing-credential`?"
    )


def test_all_faults_are_told_at_once() -> None:
    """One reading shows everything there is to mend."""
    told = faults("realm: [1]\ncredentials:\n- {id: a, scheme: apiKey}\nrefusals:\n- status: 999\n")

    assert sorted(line.split(" ")[0] for line in told) == [
        "contract.yaml:1:1",
        "contract.yaml:3:3",
        "contract.yaml:5:3",
    ]


def test_a_scheme_the_document_does_not_declare_is_refused() -> None:
    """Credentials belong to security schemes of the document."""
    (told,) = faults("credentials:\n- {id: a, scheme: apikey, secret: x}\n")

    assert told == (
        "contract.yaml:2:11 /credentials/0/scheme: error: the document declares no security scheme `apikey`"
        " [fixtures.unknown-scheme]\n  hint: did you mean `apiKey`?"
    )


def test_an_id_names_one_credential() -> None:
    """Two credentials of one id are told at the second."""
    told = faults(
        "credentials:\n- {id: a, scheme: apiKey, secret: x}\n- {id: a, scheme: apiKey, secret: y}\n"
    )

    assert told == [
        "contract.yaml:3:4 /credentials/1/id: error: another credential is called `a` [fixtures.duplicate-id]"
    ]


@pytest.mark.parametrize("text", ["realm: [", "\t- x", "a: b: c", "- just a list", "42"])
def test_what_is_no_mapping_is_refused_with_its_line(text: str) -> None:
    """Broken YAML and other kinds of value name the file, and never end in a traceback."""
    told = faults(text)

    assert all(re.match(r"contract\.yaml:[12]:\d+ ?", each) for each in told)


def test_corrections_of_resources_are_read() -> None:
    """`resources` says what is none, which member is the key, and what is there from the start."""
    text = """
resources:
  - {path: /pets, key: tag, population: 0, invents: false}
  - {path: "/owners/{id}", ignore: true}
"""

    read = read_fixtures(text.encode(), file="contract.yaml", schemes={}, paths=["/pets", "/owners/{id}"])

    assert read.resources == (
        Correction(path="/pets", key="tag", population=0, invents=False),
        Correction(path="/owners/{id}", ignore=True),
    )
