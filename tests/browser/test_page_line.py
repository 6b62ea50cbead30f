"""A bad line: reload, second tab, lost connection, a server that is killed and comes back."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Watched
from tests.browser.test_page_talk import say
from tests.channels.stand_in import Server


def test_a_reload_brings_the_conversation_back_with_what_was_chosen(tab: Watched) -> None:
    page = tab.start()
    say(page, "I texted him nine times tonight")
    page.click(".card-coach button:has-text('Why this?')")
    expect(page.locator(".card")).to_have_count(3)
    before = page.locator("#log").inner_text()
    page.reload()
    expect(page.locator(".card")).to_have_count(3)
    assert page.locator("#log").inner_text() == before
    expect(page.locator(".card-coach button", has_text="Why this?")).to_be_disabled()
    expect(page.locator(".card-coach button", has_text="Start")).to_be_enabled()


def test_a_second_tab_of_the_same_session_shows_the_same(tab: Watched, context: BrowserContext, server: Server) -> None:
    page = tab.start()
    with context.expect_page() as opened:
        page.evaluate("window.open(location.href)")  # a tab opened from this one starts with its session
    second = opened.value
    say(page, "I texted him nine times tonight")
    expect(second.locator(".own").last).to_contain_text("I texted him nine times tonight")
    expect(second.locator(".card")).to_have_count(2)
    say(second, "and he read them")
    expect(page.locator(".own").last).to_contain_text("and he read them")


def test_what_is_written_offline_is_sent_once_when_the_line_is_back(tab: Watched, context: BrowserContext) -> None:
    page = tab.start()
    context.set_offline(True)
    page.fill("#words", "written in a tunnel")
    page.press("#words", "Enter")
    expect(page.locator(".own.waiting")).to_contain_text("written in a tunnel")
    expect(page.locator("#status")).to_contain_text("kept here")
    context.set_offline(False)
    expect(page.locator(".card").last).to_contain_text("heard: written in a tunnel")
    expect(page.locator(".own", has_text="written in a tunnel")).to_have_count(1)
    expect(page.locator(".own", has_text="written in a tunnel")).not_to_have_class(re.compile("waiting"))
    expect(page.locator("#status")).to_be_empty()


def test_help_now_without_a_line_shows_emergency_numbers(tab: Watched, context: BrowserContext) -> None:
    page = tab.open()
    context.set_offline(True)
    page.click("#help")
    expect(page.locator("#emergency a[href='tel:112']")).to_be_visible()
    context.set_offline(False)
    expect(page.locator(".card-help")).to_be_visible()
    expect(page.locator("#emergency")).to_be_hidden()


def test_a_killed_server_that_comes_back_goes_on_where_it_was(context: BrowserContext, tmp_path: Path) -> None:
    server = Server(tmp_path / "web.db")
    tab = Watched(context, server.address)
    page = tab.start()
    page.fill("#words", "wait here")
    page.press("#words", "Enter")
    expect(page.locator("#typing")).to_be_visible()
    server.kill()
    page.fill("#words", "are you there?")
    page.press("#words", "Enter")
    expect(page.locator("#status")).not_to_be_empty()
    server = Server(tmp_path / "web.db", server.port, again=True)
    page.set_default_timeout(30_000)
    expect(page.locator(".card")).to_have_count(3, timeout=30_000)
    assert page.locator(".card").all_inner_texts()[1:] == ["heard: wait here", "heard: are you there?"]
    expect(page.locator(".own")).to_have_count(3)
    server.kill()


def test_a_session_that_has_ended_is_replaced_and_the_message_still_arrives(tab: Watched) -> None:
    page = tab.start()
    page.evaluate("sessionStorage.setItem('middle-ground.session', 'no-longer-good')")
    page.reload()
    expect(page.locator(".note")).to_contain_text("conversation has closed")
    page.fill("#words", "hello again")
    page.press("#words", "Enter")
    expect(page.locator(".card").last).to_contain_text("heard: hello again")
