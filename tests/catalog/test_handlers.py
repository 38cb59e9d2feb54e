from __future__ import annotations

from pathlib import Path

import pytest

from locum.catalog.handlers import load_handlers
from locum.errors import SettingsError


def told(name_or_path: str) -> str:
    """Return what is told about a module that cannot be used."""
    with pytest.raises(SettingsError) as refused:
        load_handlers(name_or_path)
    return str(refused.value)


def test_public_functions_of_a_file_are_handlers(tmp_path: Path) -> None:
    """Private ones, imported ones and other values are not."""
    module = tmp_path / "answers.py"
    module.write_text("from json import dumps\nLIMIT = 3\ndef getPet(): return 1\ndef _help(): return 2\n")

    loaded = load_handlers(str(module))

    assert list(loaded.handlers) == ["getPet"]
    assert loaded.handlers["getPet"]() == 1
    assert loaded.file == module


def test_a_table_names_operations_that_are_no_python_names(tmp_path: Path) -> None:
    """`HANDLERS` maps any operation id to a function, which then is not offered under its own name."""
    module = tmp_path / "answers.py"
    module.write_text("def pet(): return 1\nHANDLERS = {'get-pet': pet}\n")

    assert list(load_handlers(str(module)).handlers) == ["get-pet"]


def test_a_changed_file_is_imported_afresh(tmp_path: Path) -> None:
    """Reloading sees the new functions."""
    module = tmp_path / "answers.py"
    module.write_text("def one(): return 1\n")
    load_handlers(str(module))
    module.write_text("def one_and_two(): return 12\n")

    assert list(load_handlers(str(module)).handlers) == ["one_and_two"]


def test_a_dotted_name_is_found_beside_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with `python -m`, the current folder is looked into."""
    (tmp_path / "beside_me.py").write_text("def here(): return 1\n")
    monkeypatch.chdir(tmp_path)

    assert list(load_handlers("beside_me").handlers) == ["here"]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """What, and where."""
    missing = str(tmp_path / "none.py")

    assert told(missing) == f"{missing}: error: there is no such file [handlers.no-such-file]"


def test_a_missing_module_is_told() -> None:
    """What was looked for, and what may be given."""
    assert told("no_such_module.at_all") == (
        "no_such_module.at_all: error: there is no module `no_such_module` [handlers.no-such-module]\n"
        "  hint: give a dotted module name that can be imported here, or the path of a .py file"
    )


def test_a_module_that_needs_a_missing_one_is_told_as_it_fails(tmp_path: Path) -> None:
    """The missing module is not the one that was asked for."""
    module = tmp_path / "answers.py"
    module.write_text("import no_such_thing\n")

    assert told(str(module)).startswith(
        f"{module}: error: the module fails on import: ModuleNotFoundError: No module named 'no_such_thing'"
    )


def test_a_syntax_error_is_told_with_its_line(tmp_path: Path) -> None:
    """The place in the module is given, not a traceback."""
    module = tmp_path / "answers.py"
    module.write_text("x = 1\ndef broken(:\n")

    assert told(str(module)).startswith(f"{module}:2:12: error: the module fails on import: SyntaxError")
