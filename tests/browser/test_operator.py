"""A new operator, as a person would: from an empty installation to 300 partners with their people.

The list of contacts names managers who are no members yet; the page says what to do about it.
"""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.running import running

pytestmark = [pytest.mark.browser, pytest.mark.once]

PARTNERS, PEOPLE_EACH, MANAGERS = 300, 8, 6
TITLES = ("Sales Manager", "Marketing Lead", "Engineer", "Managing Director", "Office")
MOST_ACTIONS = 30
MOST_SECONDS = 600


class Operator:
    """Somebody at a browser, whose presses and entries are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press a button."""
        self.actions += 1
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        """Follow a link."""
        self.actions += 1
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def write(self, label: str, text: str) -> None:
        """Fill a field in."""
        self.actions += 1
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, file: Path) -> None:
        """Choose a file and have it read and checked."""
        self.actions += 1
        self.page.locator("input[type=file]").set_input_files(str(file))
        self.press("Read the file")
        expect(self.page.get_by_text(re.compile(r"(\d+) of \1 columns"))).to_be_visible()
        self.press("Check the rows")

    def save(self) -> None:
        """Confirm what was checked, and wait until it is saved."""
        expect(self.page.get_by_text("Every row is ready")).to_be_visible(timeout=120_000)
        self.follow("Continue to confirm")
        self.press(re.compile("^Save"))
        undo = self.page.get_by_role("button", name="Undo this import")
        expect(undo).to_be_visible(timeout=240_000)


def write_lists(folder: Path) -> tuple[Path, Path]:
    """This will write a list of colleagues, and one of contacts as a CRM exports it."""
    team = ["name,email,role"]
    team += [f"Manager {n},manager{n}@vendor.example,partner manager" for n in range(MANAGERS)]
    people = ["Id,FirstName,LastName,Email,Title,AccountId,Account Name,Region,Manager"]
    for n in range(PARTNERS * PEOPLE_EACH):
        firm = n // PEOPLE_EACH
        people.append(
            f"003{n:015d},Ana{n % 97},Keller{n},ana{n}@firm{firm}.example,{TITLES[n % 5]},"
            f"001{firm:015d},Firm {firm} Systems,{('NA', 'EMEA')[firm % 2]},"
            f"manager{firm % MANAGERS}@vendor.example"
        )
    files = folder / "team.csv", folder / "contacts.csv"
    for path, lines in zip(files, (team, people), strict=True):
        path.write_text("\n".join(lines), encoding="utf-8")
    return files


def test_from_nothing_to_300_partners_with_people_and_managers(
    chromium: Browser, tmp_path: Path
) -> None:
    team, contacts = write_lists(tmp_path)
    with running(tmp_path / "empty") as product:
        began = time.monotonic()
        context = chromium.new_context(base_url=product.address, reduced_motion="reduce")
        page = context.new_page()
        page.goto(product.door("Owner"))
        me = Operator(page)
        me.press("Sign in")
        me.follow("Name it")
        me.write("Program", "Nordic Partners")
        me.write("Your company", "Nordic Robotics")
        me.press("Save")
        expect(page.locator("ol .card").first.get_by_text("Done")).to_be_visible()

        me.follow("Choose a file")
        me.choose(contacts)
        told = page.get_by_role("heading", name="These managers are no members yet")
        expect(told).to_be_visible(timeout=120_000)
        me.follow("Import colleagues")
        me.choose(team)
        me.save()
        me.follow("Import another file")
        me.follow("contacts.csv")
        me.press("Check again")
        me.save()

        me.follow("Partners")
        expect(page.get_by_text(f"of {PARTNERS}", exact=False).first).to_be_visible()
        me.follow("Firm 0 Systems")
        expect(page.get_by_text("Manager 0").first).to_be_visible()
        seconds = time.monotonic() - began
        context.close()
    assert me.actions <= MOST_ACTIONS, me.actions
    assert seconds < MOST_SECONDS, seconds
