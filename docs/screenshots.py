"""Screenshots of the running apps for the README: ``python docs/screenshots.py`` (with a model already fetched)."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.browser import ROOT, chromium, serving
from poetas.workspace import Workspace

PICTURES = ROOT / "docs" / "pictures"
LONG = 600_000  # milliseconds that something with a model may take
MODEL = "Gemma 3 (270M)"
SHOWN = r"(1[89]|[2-9]\d) de "  # steps: by then both lines are there; the chart may pass over some


def picture(page: Page, step: str, name: str) -> None:
    """Photograph the window with a step at its top."""
    page.evaluate("step => document.getElementById(step).scrollIntoView({behavior: 'instant'})", step)
    page.wait_for_timeout(800)
    page.screenshot(path=PICTURES / f"{name}.png")


def first(page: Page) -> None:
    """App 1: the bets on the next word."""
    page.get_by_role("button", name=f"Usar {MODEL}").click()
    step = page.locator("section#proxima")
    step.get_by_label("Tu apuesta").fill("lluvia")
    step.get_by_role("button", name="Apostar").click()
    step.locator("button.bar").first.wait_for(timeout=LONG)
    picture(page, "proxima", "app1")


def second(page: Page) -> None:
    """App 2: how the model reads."""
    page.get_by_role("button", name="Probar con un ejemplo").click()
    page.get_by_role("button", name="Usar noticias").click()
    page.locator("section#columnas .poetas-pair").first.wait_for(timeout=LONG)
    step = page.locator("section#tokens")
    step.get_by_role("button", name="Mostrame").click()
    step.get_by_role("option").first.wait_for(timeout=LONG)
    picture(page, "tokens", "app2")


def third(page: Page) -> None:
    """App 3: the training, live."""
    page.get_by_role("button", name="Usar el ejemplo noticias", exact=True).click()
    page.locator("section#conjunto").get_by_text("para estudiar,").wait_for(timeout=LONG)
    chosen = page.get_by_role("button", name=f"Usar {MODEL}", exact=True)
    if chosen.count() and chosen.is_enabled():
        chosen.click()
    step = page.locator("section#entrena")
    step.get_by_role("button", name="Entrenar", exact=True).click()
    step.locator(".figs b", has_text=re.compile(f"^{SHOWN}")).wait_for(timeout=LONG)
    picture(page, "entrena", "app3")
    step.get_by_role("button", name="Detener y guardar").click()
    step.get_by_role("button", name="Seguir desde donde quedó").wait_for(timeout=LONG)


def main() -> None:
    """Walk the three apps with the embedded Spanish model and photograph a step of each."""
    PICTURES.mkdir(exist_ok=True)
    with serving(ROOT / "apps", models=Workspace.default().models) as site, chromium() as page:
        for name, walk in (("1_conocer", first), ("2_preparar", second), ("3_entrenar", third)):
            page.goto(site.page(name))
            page.wait_for_selector("html[data-ready]", state="attached")
            walk(page)


if __name__ == "__main__":
    main()
