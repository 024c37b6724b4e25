"""Line icons by name, 20 by 20, drawn by us. They support a word and never stand alone."""

from django.utils.safestring import SafeString, mark_safe

SHAPES = {
    "today": '<path d="M3 10.5 10 4l7 6.5M5 9v7h10V9"/>',
    "partners": (
        '<circle cx="7" cy="7.5" r="2.7"/><path d="M2 16c.4-3 2.4-4.4 5-4.4S11.6 13 12 16'
        'M13 5.2a2.6 2.6 0 0 1 0 4.9M14.5 11.9c2 .4 3.2 1.8 3.5 4.1"/>'
    ),
    "people": (
        '<circle cx="10" cy="6.8" r="3"/><path d="M4 17c.4-3.6 2.8-5.4 6-5.4s5.6 1.8 6 5.4"/>'
    ),
    "loop": (
        '<path d="M4 10a6 6 0 0 1 10.5-4L17 8M16 10a6 6 0 0 1-10.5 4L3 12M17 4v4h-4M3 16v-4h4"/>'
    ),
    "campaigns": (
        '<path d="M3 8.5v3l9 3.5V5L3 8.5ZM12 7.5c2 0 3 1 3 2.5s-1 2.5-3 2.5'
        'M5.5 12.5 6.5 17H9l-1-3.6"/>'
    ),
    "more": '<path d="M4 10h.01M10 10h.01M16 10h.01" stroke-width="3"/>',
    "pulses": '<path d="M2 10.5h3.5L8 4.5l4 11 2.3-5H18"/>',
    "reports": '<path d="M5 2.5h7l3.5 3.5v11.5H5zM8 9h5M8 12h5M8 15h3"/>',
    "import": '<path d="M10 3v9m0 0 3.5-3.5M10 12 6.5 8.5M3.5 13v3.5h13V13"/>',
    "settings": (
        '<circle cx="10" cy="10" r="2.5"/><path d="M10 2.5v2.3M10 15.2v2.3M2.5 10h2.3M15.2 10h2.3'
        'M4.7 4.7l1.6 1.6M13.7 13.7l1.6 1.6M15.3 4.7l-1.6 1.6M6.3 13.7l-1.6 1.6"/>'
    ),
    "mail": '<rect x="2.5" y="4.5" width="15" height="11" rx="1.5"/><path d="m3 6 7 5 7-5"/>',
    "inbox": '<path d="M3 4.5h14v9H9l-3.5 3v-3H3z"/>',
    "tick": '<path d="m4 10.5 4 4 8-9"/>',
    "circle": '<circle cx="10" cy="10" r="5.5"/>',
    "lock": (
        '<rect x="4.5" y="9" width="11" height="8" rx="1.5"/><path d="M7 9V6.5a3 3 0 0 1 6 0V9"/>'
    ),
    "warning": '<path d="M10 3 2.5 16.5h15zM10 8v4M10 14.3v.01"/>',
    "plus": '<path d="M10 4v12M4 10h12"/>',
    "arrow": '<path d="M3.5 10h13m0 0-5-5m5 5-5 5"/>',
    "flag": '<path d="M5 17.5V3.5h9.5l-2.5 3.5 2.5 3.5H5"/>',
    "twice": '<path d="m2 10.5 4 4 8-9M10.5 14l.5.5 7.5-9"/>',
    "cross": '<path d="m5 5 10 10M15 5 5 15"/>',
    "merge": '<path d="M4 4c0 6 12 0 12 12M4 16c0-3 2-5 5-5.5M16 16l-3-2.5M16 16l2-3.2"/>',
    "clock": '<circle cx="10" cy="10" r="7"/><path d="M10 6v4.5l3 1.7"/>',
    "eye": ('<path d="M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5z"/><circle cx="10" cy="10" r="2.2"/>'),
    "question": '<path d="M3 4.5h14v9H9l-3.5 3v-3H3zM8 8a2 2 0 1 1 2.5 1.9V11"/>',
    "star": (
        '<path d="m10 3 2.1 4.6 5 .5-3.8 3.3 1.2 4.9-4.5-2.6-4.5 2.6 1.2-4.9L2.9 8.1l5-.5z"/>'
    ),
    "link": (
        '<path d="M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0'
        'l-3 3a3 3 0 0 0 4.3 4.3l1-1"/>'
    ),
}
BRAND = (
    '<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" '
    'stroke-width="2.6" stroke-linecap="round"><path d="M20.5 9.2A9 9 0 1 0 21 12"/>'
    '<circle cx="12" cy="12" r="3" fill="currentColor" stroke="none"/></svg>'
)
ARROWS = {"up": "M5 1 9.5 9H.5z", "down": "M5 9 .5 1h9z", "flat": "M0 4h10v2H0z"}


def icon(name: str) -> SafeString:
    """Return an icon hidden from screen readers: the word beside it says it."""
    return mark_safe(f'<svg class="i" viewBox="0 0 20 20" aria-hidden="true">{SHAPES[name]}</svg>')


def brand() -> SafeString:
    """Return the sign of the product."""
    return mark_safe(BRAND)


def arrow(direction: str) -> SafeString:
    """Return the small triangle of a change."""
    return mark_safe(
        f'<svg viewBox="0 0 10 10" aria-hidden="true"><path d="{ARROWS[direction]}"/></svg>'
    )
