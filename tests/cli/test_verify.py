"""`locum verify` as a user has it: exit codes, what is printed, what is kept back."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from tests.verify import shelf
from tests.verify.conftest import serving
from tests.verify.shelf import refused

from locum.verify.model import ExitCode, id_of

if TYPE_CHECKING:
    from tests.cli.conftest import Run

SECRET = "token-of-ann-12345"
QUICK = ("--suite", "examples", "--suite", "methods", "-q")


@pytest.fixture
def document(tmp_path: Path) -> str:
    """Return the path of the shelf's document."""
    path = tmp_path / "shelf.yaml"
    path.write_text(yaml.safe_dump(dict(shelf.DOCUMENT)))
    return str(path)


@pytest.fixture
def keys(tmp_path: Path) -> str:
    """Return the path of a file of credentials, whose secret is a variable."""
    path = tmp_path / "keys.yaml"
    path.write_text("good: ${SHELF_TOKEN}\n")
    return str(path)


def test_a_kept_contract_is_told_by_0(locum: Run, document: str, keys: str) -> None:
    """Nothing is found, and the last line says so."""
    with serving(shelf.correct) as url:
        done = locum("verify", document, "--url", url, "--credentials", keys, *QUICK, SHELF_TOKEN=SECRET)

    assert done.returncode == ExitCode.KEPT
    assert "The contract is kept." in done.stdout


def test_a_failure_is_told_by_1_without_secrets_and_can_be_looked_for_again(
    locum: Run, document: str, keys: str
) -> None:
    """The finding has a command that shows it; with its id it is found again, and gone once it is mended."""
    words = ("verify", document, "--credentials", keys, *QUICK, "--url")
    fault = shelf.broken(lambda _, told: refused(404, "?") if told.status == 405 else told)
    with serving(fault) as url:
        done = locum(*words, url, SHELF_TOKEN=SECRET)
        (identity, *_) = re.findall(r"--replay\s+([0-9a-f]{10})", done.stdout)
        again = locum(*words, url, "--replay", identity, SHELF_TOKEN=SECRET)
    with serving(shelf.correct) as url:
        mended = locum(*words, url, "--replay", identity, SHELF_TOKEN=SECRET)

    assert done.returncode == ExitCode.NEW_FAILURES
    assert SECRET not in done.stdout + done.stderr
    assert (again.returncode, mended.returncode) == (ExitCode.NEW_FAILURES, ExitCode.KEPT)
    assert f"{identity} is not there any more" in mended.stdout


def test_a_finding_that_never_was_is_told_apart_from_one_that_is_mended(
    locum: Run, document: str, tmp_path: Path
) -> None:
    """A mistyped id ends with 2 before anything is asked; where findings are known, the nearest is named."""
    identity = "listBooks method.undeclared - POST"
    (tmp_path / "known.yaml").write_text(json.dumps({"known": [{"finding": identity, "reason": "old"}]}))
    known = id_of(identity)
    wrong = known[:3] + ("0" if known[3] != "0" else "1") + known[4:]
    words = ("verify", document, "--url", "http://127.0.0.1:9", "--replay", wrong)

    done, helped = locum(*words), locum(*words, "--baseline", "known.yaml")

    assert done.returncode == helped.returncode == ExitCode.COULD_NOT_TEST
    assert f"no finding is called `{wrong}`" in done.stderr
    assert f"did you mean `{known}`?" in helped.stderr


def test_known_failures_that_have_expired_are_told_by_3(
    locum: Run, document: str, keys: str, tmp_path: Path
) -> None:
    """What is known fails nothing until its last day; from then on the run ends with 3, and not as news."""
    words = ("verify", document, "--credentials", keys, *QUICK, "--report", "jsonl=found.jsonl", "--url")
    fault = shelf.broken(lambda _, told: refused(404, "?") if told.status == 405 else told)

    def ended(url: str, expires: str) -> int:
        lines = [json.loads(line) for line in (tmp_path / "found.jsonl").read_text().splitlines()]
        found = [each["identity"] for each in lines if each["type"] == "finding"]
        known = [{"finding": each, "reason": "soon mended", "expires": expires} for each in found]
        (tmp_path / "known.yaml").write_text(json.dumps({"known": known}))
        return locum(*words, url, "--baseline", "known.yaml", SHELF_TOKEN=SECRET).returncode

    with serving(fault) as url:
        news = locum(*words, url, SHELF_TOKEN=SECRET).returncode
        codes = [ended(url, expires) for expires in ("2020-01-01", "2999-12-31")]

    assert [news, *codes] == [ExitCode.NEW_FAILURES, ExitCode.EXPIRED, ExitCode.KEPT]


def test_what_could_not_be_tested_is_told_by_2(locum: Run, document: str) -> None:
    """A server that lets nobody in, that is not there, or words that mean nothing: never 0."""
    with serving(lambda _: refused(401, "no", WWW_Authenticate="Bearer")) as url:
        closed = locum("verify", document, "--url", url, *QUICK)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        absent = locum("verify", document, "--url", f"http://127.0.0.1:{taken.getsockname()[1]}")
    wrong = locum("verify", document, "--url", "ftp://example.test")

    assert closed.returncode == absent.returncode == wrong.returncode == ExitCode.COULD_NOT_TEST
    assert "nothing answers at" in absent.stderr
    assert "no address of a server" in wrong.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--include", "listBoks"), "did you mean `listBooks`?"),
        (("--suite", "methds"), "did you mean `methods`?"),
        (("--shard", "3/2"), "expected i/n"),
        (("--rate-limit", "fast"), "expected such as 10/s"),
        (("--now", "noon"), "2024-02-15T12:00:00Z"),
        (("--report", "junti=x"), "did you mean `junit`?"),
        (("-H", "no header"), "expected 'Name: text'"),
        (("--credentials", "nowhere.yaml"), "cannot be read"),
    ],
)
def test_words_that_mean_nothing_are_told_with_the_nearest(
    locum: Run, document: str, words: tuple[str, ...], told: str
) -> None:
    """Misuse ends with 2, and says what was expected."""
    done = locum("verify", document, "--url", "http://127.0.0.1:9", *words)

    assert done.returncode == ExitCode.COULD_NOT_TEST
    assert told in done.stderr


def test_a_part_is_tested_alone(locum: Run, document: str, keys: str) -> None:
    """Included, excluded, sharded: each operation is in exactly one shard."""
    with serving(shelf.correct) as url:
        words = ("verify", document, "--url", url, "--credentials", keys, *QUICK, "--report", "jsonl=-")
        one = _operations(locum(*words, "--include", "/books/*", SHELF_TOKEN=SECRET).stdout)
        other = _operations(locum(*words, "--exclude", "getBook", SHELF_TOKEN=SECRET).stdout)
        shards = [
            _operations(locum(*words, "--shard", f"{at}/2", SHELF_TOKEN=SECRET).stdout) for at in (1, 2)
        ]

    assert (one, other) == ({"getBook"}, {"listBooks"})
    assert shards[0] | shards[1] == {"getBook", "listBooks"}
    assert not shards[0] & shards[1]


def _operations(lines: str) -> set[str]:
    told = [json.loads(line) for line in lines.splitlines() if line.startswith("{")]
    return {each["operation"] for each in told if each.get("type") == "result" and each.get("operation")}


def test_only_what_has_changed_is_tested(locum: Run, document: str, keys: str, tmp_path: Path) -> None:
    """Against the same document nothing is left to test, which is never 0."""
    base = tmp_path / "base.yaml"
    base.write_text(Path(document).read_text())
    with serving(shelf.correct) as url:
        words = ("verify", document, "--url", url, "--credentials", keys, *QUICK)
        same = locum(*words, "--only-changed", str(base), SHELF_TOKEN=SECRET)

    assert same.returncode == ExitCode.COULD_NOT_TEST
    assert "every operation is left out: it has not changed" in same.stdout
