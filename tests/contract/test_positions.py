from locum.contract.positions import find_positions


def test_members_are_found_at_their_key_and_items_at_their_value() -> None:
    """Lines and columns count from 1."""
    text = "a:\n  b:\n    - x\n    - c/d: 2\n"

    assert find_positions(text, ["", "/a", "/a/b/0", "/a/b/1/c~1d"]) == {
        "": (1, 1),
        "/a": (1, 1),
        "/a/b/0": (3, 7),
        "/a/b/1/c~1d": (4, 7),
    }


def test_a_missing_member_is_found_at_what_should_hold_it() -> None:
    """A place that does not exist stands where it would be added."""
    assert find_positions("a:\n  b: 1\n", ["/a/c", "/a/b/0"]) == {"/a/c": (1, 1), "/a/b/0": (2, 3)}


def test_json_with_tabs_and_surrogates_keeps_its_columns() -> None:
    """What JSON allows and YAML does not is no obstacle."""
    text = '{"a":\n\t{"b": ["\\ud83d\\ude00", 3]}}'

    assert find_positions(text, ["/a/b/1"]) == {"/a/b/1": (2, 25)}


def test_broken_text_gives_the_places_before_the_break() -> None:
    """A later syntax error does not hide earlier places."""
    assert find_positions("a: 1\nb: [", ["/a"]) == {"/a": (1, 1)}


def test_lines_are_known_where_tabs_indent() -> None:
    """What is read in spite of its tabs is found in its line, behind the first tab too."""
    text = "paths:\n\t/a:\n\t\tget: {}\n\t/b: {}\n"

    positions = find_positions(text, ["/paths/~1a/get", "/paths/~1b"])

    assert {pointer: line for pointer, (line, _) in positions.items()} == {
        "/paths/~1a/get": 3,
        "/paths/~1b": 4,
    }
