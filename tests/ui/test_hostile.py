"""Hostile documents, titles, file names, questions and model text: nothing runs, nothing leaves."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from tests.ui.conftest import PATIENCE, Server, ask, enter, settle


@pytest.mark.browser
def test_hostile_text_is_shown_and_never_run(tab, server):
    page = tab()
    ask(
        page,
        "What did the invoice named in the hostile file cost? <img src=x onerror=window.hacked=20>",
    )
    assert page.locator("#turn-1 a.sb-marker").count() >= 1
    page.locator("#turn-1 a.sb-marker").first.click()
    page.locator("#ev-1-1 .sb-open").click()
    text = page.locator("dialog[open] .sb-page-text").inner_text()
    assert "<script>window.hacked=1</script> & ${window.hacked=2} {{value}} `tick`" in text
    assert "C:\\users\\temp" in text and "⍰noisrever⍰" in text
    page.keyboard.press("Escape")
    ask(page, "echo hostile words about containers", 2)
    assert "![a](https://outside.example/a.png)" in page.locator("#turn-2 .sb-text").inner_text()
    page.get_by_role("tab", name="Library").click()
    page.locator("#library-table", has_text="onerror").wait_for()
    page.get_by_role("tab", name="Settings").click()
    page.get_by_role("tab", name="Ask").click()
    page.locator("#filters button").first.click()
    page.locator("#filter-documents input").click()
    page.get_by_role("option").first.wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    assert page.locator("#chat img, #evidence img, #library-table img, iframe").count() == 0
    assert page.watch.problems == []
    hosts = {urlsplit(url).netloc for url in page.watch.requests if url.startswith("http")}
    assert hosts == {urlsplit(server.url).netloc}
    assert not [
        url for url in page.watch.requests if not url.startswith(("http", "data:", "blob:"))
    ]


@pytest.mark.slow
@pytest.mark.browser
def test_the_page_is_up_while_the_models_load(chromium, tmp_path):
    running = Server(tmp_path, held=True)
    try:
        page = chromium.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(running.url)
        settle(page, "Loading the models")
        enter(page, "What do the cranes lift?", page.locator("#turn-1"))
        page.locator("#turn-1", has_text="loading the models").wait_for()
        running.let_load()
        page.locator("#turn-1 .sb-text", has_text="65 tons").wait_for()
        page.locator(".sb-status", has_text="3 documents").wait_for()
        page.close()
    finally:
        running.close()


def status(server, method="GET", path="/config", headers=None, body=None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_guard_refuses_foreign_hosts_sites_and_closed_routes(server):
    assert status(server) == 200
    assert status(server, headers={"Host": f"localhost:{server.port}"}) == 200
    assert status(server, headers={"Host": "rebind.evil.example"}) == 421
    assert status(server, headers={"Origin": "https://evil.example"}) == 403
    assert status(server, headers={"Origin": "null"}) == 403
    assert status(server, headers={"Sec-Fetch-Site": "cross-site"}) == 403
    assert (
        status(server, "POST", "/gradio_api/upload", {"Origin": "https://evil.example"}, b"x")
        == 403
    )
    assert status(server, "POST", "/gradio_api/upload", {"Content-Length": str(10**10)}) == 413
    for path in ("/gradio_api/proxy=http://127.0.0.1/", "/gradio_api/file=http://127.0.0.1/x", "/monitoring",
                 "/gradio_api/mcp/", "/gradio_api/deep_link", "/gradio_api/vibe-code/", "/docs", "/openapi.json"):  # fmt: skip
        assert status(server, path=path) == 404, path
    assert status(server, path="/gradio_api/file=/etc/passwd") in (403, 404)


def test_every_response_carries_the_policy(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    for path in ("/", "/config", "/gradio_api/mcp/"):
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        policy = response.getheader("content-security-policy")
        assert policy and "connect-src 'self'" in policy and "frame-ancestors 'none'" in policy
        assert response.getheader("x-content-type-options") == "nosniff"
    connection.close()
