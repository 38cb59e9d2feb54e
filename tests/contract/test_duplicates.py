from locum.contract import inspect_contract, read_contract

TEXT = """{"openapi": "3.1.0",
\t"info": {"title": "\\ud83d\\ude00", "version": "1"},
 "paths": {"/a": {}, "/b": {}, "/a": {}}}"""


def test_a_key_that_stands_twice_in_json_is_told_on_inspection() -> None:
    """The last one is used, as everywhere; reading itself does not look."""
    contract = read_contract("a.json", lambda _: TEXT.encode())

    found = inspect_contract(contract)

    assert contract.list_diagnostics() == ()
    assert [(each.code, each.where.line, each.where.pointer) for each in found] == [
        ("contract.duplicate-key", 3, "/paths/~1a")
    ]


def test_json_without_such_keys_has_nothing_to_tell() -> None:
    """Equal keys in different objects are none."""
    text = '{"openapi": "3.1.0", "info": {}, "paths": {"/a": {"x-a": {}}, "/b": {"x-a": {}}}}'

    assert inspect_contract(read_contract("a.json", lambda _: text.encode())) == ()
