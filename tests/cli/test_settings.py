from __future__ import annotations

from pathlib import Path

import pytest

from locum.errors import SettingsError
from locum.settings import Settings, read_settings


def read(folder: Path, flags: dict[str, object] | None = None, **environment: str) -> Settings:
    """Read the settings of a folder."""
    return read_settings(flags or {}, environment=environment, folder=folder)


def told(folder: Path, flags: dict[str, object] | None = None, **environment: str) -> str:
    """Return what is told about settings that are refused."""
    with pytest.raises(SettingsError) as refused:
        read(folder, flags, **environment)
    return str(refused.value)


def test_a_flag_wins_over_a_variable_over_a_file_over_the_default(tmp_path: Path) -> None:
    """Each source is heard where no nearer one speaks."""
    (tmp_path / "locum.toml").write_text('port = 1\nhost = "h"\nseed = "file"\n')

    settings = read(tmp_path, {"port": 3, "host": None}, LOCUM_PORT="2", LOCUM_SEED="variable")

    assert settings == Settings(port=3, host="h", seed="variable")


def test_pyproject_has_a_table_for_locum(tmp_path: Path) -> None:
    """`[tool.locum]` is read where there is no `locum.toml`; keys may be written with hyphens."""
    (tmp_path / "pyproject.toml").write_text(
        '[tool.locum]\nallow-remote-refs = true\nhandlers = ["a", "b"]\n'
    )

    assert read(tmp_path) == Settings(allow_remote_refs=True, handlers=("a", "b"))


def test_somebody_elses_broken_pyproject_is_passed_over(tmp_path: Path) -> None:
    """What is wrong in it is not ours to say."""
    (tmp_path / "pyproject.toml").write_text("[tool\n")

    assert read(tmp_path) == Settings()


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("LOCUM_WATCH", "yes", "watch", True),
        ("LOCUM_CORS", "0", "cors", False),
        ("LOCUM_CONTRACTS", "a.yaml, b.yaml", "contracts", ("a.yaml", "b.yaml")),
        ("LOCUM_FIXTURES", "here", "fixtures", Path("here")),
        ("LOCUM_SEED", "7", "seed", "7"),
    ],
)
def test_a_variable_is_read_as_its_setting_asks(
    tmp_path: Path, variable: str, text: str, name: str, value: object
) -> None:
    """Text becomes a truth, a number, a list or a path."""
    assert getattr(read(tmp_path, {}, **{variable: text}), name) == value


def test_links_of_a_service_called_locum_are_no_settings(tmp_path: Path) -> None:
    """Kubernetes sets `LOCUM_PORT=tcp://…` and more beside a service of our name."""
    settings = read(
        tmp_path,
        LOCUM_PORT="tcp://10.0.0.1:4010",
        LOCUM_SERVICE_HOST="10.0.0.1",
        LOCUM_SERVICE_PORT_HTTP="4010",
        LOCUM_PORT_4010_TCP_ADDR="10.0.0.1",
    )

    assert settings == Settings()


def test_an_unknown_key_is_told_with_its_line_and_the_nearest_one(tmp_path: Path) -> None:
    """A key that does not exist is an error."""
    (tmp_path / "locum.toml").write_text("seed = 'a'\nportt = 1\n")

    assert told(tmp_path) == (
        "locum.toml:2: error: there is no setting `portt` [settings.unknown-key]\n"
        "  hint: did you mean `port`?"
    )


def test_an_unknown_variable_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    """A variable that starts with our name and means nothing is a slip."""
    assert told(tmp_path, LOCUM_SEDE="1") == (
        "variable LOCUM_SEDE: error: there is no setting `LOCUM_SEDE` [settings.unknown-key]\n"
        "  hint: did you mean `LOCUM_SEED`?"
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("port = 'high'", "`port`: expected a whole number, found 'high'"),
        ("watch = 'perhaps'", "`watch`: expected true or false, found 'perhaps'"),
        ("handlers = [1]", "`handlers`: expected a list of texts, found [1]"),
        ("host = true", "`host`: expected text, found True"),
        ("port = 70000", "port 70000 does not exist"),
    ],
)
def test_a_wrong_value_is_told(tmp_path: Path, line: str, message: str) -> None:
    """What was expected, and what was found."""
    (tmp_path / "locum.toml").write_text(line)

    assert message in told(tmp_path)


def test_a_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    """Our own file must be readable."""
    (tmp_path / "locum.toml").write_text("port 4010")

    assert told(tmp_path).startswith("locum.toml: error: not TOML: ")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """File and variables are looked through before anything is refused."""
    (tmp_path / "locum.toml").write_text("prot = 1\nwatch = 3\n")

    assert told(tmp_path, LOCUM_SEDE="1").count("error:") == 3


@pytest.mark.parametrize("name", ["journal", "sessions"])
def test_there_is_no_negative_number_of_anything_kept(tmp_path: Path, name: str) -> None:
    """0 keeps none; less is a mistake."""
    assert f"{name} cannot be -1" in told(tmp_path, {name: -1})


def test_variables_of_a_verification_are_nothing_to_a_server(tmp_path: Path) -> None:
    """Credentials and values in the environment of `locum verify` do not stop `locum serve`."""
    environment = {"LOCUM_CREDENTIAL_GOOD": "secret", "LOCUM_VALUE_MONTH": "9"}

    assert read_settings({}, environment=environment, folder=tmp_path) == Settings()
