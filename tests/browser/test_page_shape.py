"""How the page looks: small screens, dark and light, large enough to touch."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Watched
from tests.browser.test_page_talk import say
from tests.channels.stand_in import Server


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 780), (1100, 800)])
def test_every_screen_fits_its_width_with_targets_large_enough(
    browser: Browser, server: Server, scheme: str, width: int, height: int, tmp_path: Path
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    tab = Watched(context, server.address)
    page = tab.open()

    def look(name: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        small = page.locator("button:visible, textarea:visible").evaluate_all(
            "all => all.filter(one => Math.min(one.offsetHeight, one.offsetWidth) < 24).map(one => one.innerText)"
        )
        assert small == [], name
        for way_out in ("#help", "#leave"):
            box = page.locator(way_out).bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= height, (
                name,
                way_out,
            )
        page.screenshot(path=tmp_path / f"{name}_{scheme}_{width}.png")

    look("welcome")
    page.click("#start")
    page.wait_for_selector(".card")
    say(page, "I texted him nine times tonight and he read every one")
    look("coach")
    page.click(".card-coach button:has-text('Start')")
    page.wait_for_selector(".timer")
    look("practice")
    page.click(".timer button:has-text('Done')")
    page.wait_for_selector(".scale")
    look("scale")
    page.click("#help")
    page.wait_for_selector(".card-help")
    say(page, "https://example.org/" + "a" * 300)
    look("help")
    expect(page.locator("#words")).to_be_in_viewport()
    context.close()


def test_nothing_moves_for_those_who_asked_for_less_motion(browser: Browser, server: Server) -> None:
    context = browser.new_context(reduced_motion="reduce")
    tab = Watched(context, server.address)
    page = tab.open()
    assert page.evaluate("getComputedStyle(document.querySelector('.dots i')).animationName") == "none"
    context.close()
