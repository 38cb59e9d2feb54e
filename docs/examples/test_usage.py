import pytest


@pytest.mark.locum("onomondo", now="2024-01-27T23:08:12Z")
def test_the_next_page_is_another_one(locum):
    client = locum.client(headers={"Authorization": f"Bearer {locum.secret('full-key')}"})

    first = client.get("/usage", params={"limit": 5}).json()
    page = first["pagination"]["next_page"]
    second = client.get("/usage", params={"limit": 5, "next_page": page}).json()

    assert first["usage"] != second["usage"]
