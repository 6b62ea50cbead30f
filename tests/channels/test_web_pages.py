"""The page and its files, and the rules under which a browser runs them."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from sanic import Sanic, text

from bot import paths
from bot.channels import web_pages
from bot.channels.web import WebChannel
from bot.errors import DataError
from bot.store.store import Store
from tests.channels.stand_in import Dialogue, serving

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


async def test_the_page_comes_with_rules_that_let_nothing_else_run_or_load(http: httpx.AsyncClient) -> None:
    page = await http.get("/")
    assert page.status_code == 200 and page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"] == POLICY
    assert page.headers["x-content-type-options"] == "nosniff" and page.headers["referrer-policy"] == "no-referrer"


async def test_everything_the_page_names_is_served_with_its_type(http: httpx.AsyncClient) -> None:
    page = (await http.get("/")).text
    named = re.findall(r'(?:src|href)="(static/[^"]+)"', page)
    for script in ("app", "api", "cards", "dom", "outbox", "strings", "timer"):
        named.append(f"static/{script}.js")
    for name in named:
        answer = await http.get(f"/{name}")
        assert answer.status_code == 200, name
        assert answer.headers["content-type"].startswith("text/javascript" if name.endswith(".js") else "text/css"), name
        assert answer.headers["content-security-policy"] == POLICY


async def test_an_unchanged_file_is_not_sent_again(http: httpx.AsyncClient) -> None:
    tag = (await http.get("/static/app.js")).headers["etag"]
    again = await http.get("/static/app.js", headers={"If-None-Match": f'"old", W/{tag}'})
    assert again.status_code == 304 and again.content == b""
    assert (await http.get("/static/app.js", headers={"If-None-Match": '"old"'})).status_code == 200


@pytest.mark.parametrize("name", ["nothing.js", "..%2fpyproject.toml", "%2e%2e/config.yml", "index.html/..", ".env", "app.js%00"])
async def test_no_other_file_can_be_reached(http: httpx.AsyncClient, name: str) -> None:
    assert (await http.get(f"/static/{name}")).status_code == 404


async def test_the_page_is_there_in_a_server_that_has_a_root_of_its_own(store: Store, dialogue: Dialogue) -> None:
    app = Sanic("with_a_root_of_its_own", configure_logging=False)
    app.add_route(lambda _: text("Hello from Rasa"), "/", name="hello")
    channel = WebChannel(store=store, key="k" * 32)
    app.blueprint(channel.blueprint(dialogue), url_prefix=channel.url_prefix())
    async with serving(dialogue, store, made=app) as address, httpx.AsyncClient(base_url=address) as http:
        assert "Middle Ground" in (await http.get("/")).text


def test_the_page_holds_no_inline_script_or_style_and_names_no_other_place() -> None:
    for path in sorted((paths.root() / "web").iterdir()):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", source), path.name
        if path.suffix == ".html":
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", source)
            assert "http" not in source.replace("http://www.w3.org/2000/svg", "")


def test_a_missing_page_is_said_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"the page is missing.*index\.html"):
        web_pages.read(tmp_path)
