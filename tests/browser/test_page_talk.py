"""The page in a real browser: what a person sees and does."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.channels.stand_in import HOSTILE


def say(page: Page, text: str) -> None:
    cards = page.locator(".card").count()
    page.fill("#words", text)
    page.press("#words", "Enter")
    expect(page.locator(".card")).to_have_count(cards + 1)


def test_the_first_screen_says_what_it_is_before_anything_is_sent(tab: Watched) -> None:
    page = tab.open()
    for words in ("program, not a person", "18", "stay on the machine", "takes no side"):
        expect(page.locator("body")).to_contain_text(words)
    expect(page.locator("#help")).to_be_visible()
    expect(page.locator("#leave")).to_be_visible()
    assert not any("/session" in url for url in tab.asked)


def test_a_message_gets_a_card_with_its_parts_and_the_own_words_marked(tab: Watched) -> None:
    page = tab.start()
    say(page, "I texted him nine times tonight")
    card = page.locator(".card-coach")
    for part in ("validation", "naming", "practice", "reframe", "question"):
        expect(card.locator(f".part-{part}")).to_be_visible()
    expect(card.locator(".part-naming mark")).to_have_text("I texted him nine times")
    expect(page.locator(".own").last).to_contain_text("I texted him nine times tonight")


def test_a_button_works_once_and_shows_that_it_was_chosen(tab: Watched) -> None:
    page = tab.start()
    say(page, "I texted him nine times tonight")
    start = page.locator(".card-coach button", has_text="Start")
    start.click()
    expect(start).to_be_disabled()
    expect(start).to_have_class(re.compile("chosen"))
    practice = page.locator(".card-practice")
    expect(practice.locator("h3")).to_have_text("Alone on purpose")
    expect(practice.locator("ol li")).to_have_count(3)


def test_a_practice_has_a_timer_that_starts_pauses_and_ends_in_a_check_in(tab: Watched) -> None:
    tab.page.clock.install()
    page = tab.start()
    say(page, "I texted him nine times tonight")
    page.click(".card-coach button:has-text('Start')")
    clock = page.locator(".timer-clock")
    expect(clock).to_have_text("10:00")
    page.click("text=Start timer")
    page.clock.fast_forward(61_000)
    expect(clock).to_have_text("8:59")
    page.click("text=Pause")
    page.clock.fast_forward(60_000)
    expect(clock).to_have_text("8:59")
    page.click("text=Go on")
    page.clock.fast_forward(540_000)
    expect(page.locator(".timer-note")).to_contain_text("Time is up")
    page.click(".timer button:has-text('Done')")
    numbers = page.locator(".scale button")
    expect(numbers).to_have_count(11)
    numbers.nth(7).click()
    expect(page.locator(".card").last).to_contain_text('pressed /check_in{"value":"7"}')
    for number in range(11):
        expect(numbers.nth(number)).to_be_disabled()


def test_help_now_works_from_the_first_screen_and_its_lines_can_be_rung(tab: Watched) -> None:
    page = tab.open()
    page.click("#help")
    links = page.locator(".card-help a")
    expect(links).to_have_count(4)
    assert [link.get_attribute("href") for link in links.all()] == [
        "tel:999",
        "tel:116123",
        "sms:85258",
        "https://findahelpline.com",
    ]


def test_hostile_words_are_shown_as_words(tab: Watched) -> None:
    page = tab.start()
    say(page, "be hostile")
    expect(page.locator(".card").last).to_contain_text(HOSTILE)
    say(page, HOSTILE)
    expect(page.locator(".own").last).to_contain_text(HOSTILE)
    assert page.evaluate("window.hacked") is None and page.locator("#log img, #log script").count() == 0


def test_the_page_asks_no_other_place_and_has_nothing_to_complain_about(tab: Watched) -> None:
    page = tab.start()
    say(page, "I texted him nine times tonight")
    page.click("#help")
    expect(page.locator(".card-help")).to_be_visible()
    assert {url for url in tab.asked if not url.startswith((tab.address, "data:"))} == set()
    assert tab.complaints == []


def test_leaving_clears_the_page_and_its_session_and_cannot_be_gone_back_to(tab: Watched) -> None:
    tab.page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="the weather", content_type="text/html"))
    page = tab.start()
    page.click("#leave")
    page.wait_for_url("https://www.bbc.co.uk/weather")
    assert page.evaluate("history.length") <= 2
    page.goto(tab.address)
    expect(page.locator("#welcome")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0 and page.evaluate("localStorage.length") == 0


def test_everything_can_be_reached_and_done_with_the_keyboard(tab: Watched) -> None:
    page = tab.open()
    focused: list[str] = []
    while "start" not in focused and len(focused) < 10:
        page.keyboard.press("Tab")
        focused.append(page.evaluate("document.activeElement.id"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert focused == ["help", "leave", "start"]
    page.keyboard.press("Enter")
    page.wait_for_selector(".card")
    page.keyboard.type("I texted him nine times tonight")
    page.keyboard.press("Enter")
    page.wait_for_selector(".card-coach")
    page.locator(".card-coach button").nth(2).focus()
    page.keyboard.press("Space")
    expect(page.locator(".card").last).to_contain_text("pressed /ask_why")


def test_a_screen_reader_hears_each_card_once_and_whole(tab: Watched) -> None:
    page = tab.start()
    say(page, "I texted him nine times tonight")
    expect(page.locator("#live")).to_contain_text("Waiting without an answer is hard")
    expect(page.locator("#live")).to_contain_text("What would you want to hear right now?")
    assert page.get_attribute("#log", "role") == "log" and page.get_attribute("#log", "aria-live") == "off"
    assert (
        page.locator("button, a, textarea").evaluate_all(
            "all => all.filter(one => !one.innerText && !one.getAttribute('aria-label') && !one.labels?.length).length"
        )
        == 0
    )
