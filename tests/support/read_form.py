"""Reads what the store writes for other tools with a reader of that form, and prints what it found as JSON:
read_form.py atom|calendar|badge FILE. Ends with an error where the reader does."""
import json
import sys
import xml.etree.ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def atom(raw):
    import feedparser

    feed = feedparser.parse(raw)
    keys = ("id", "title", "updated", "published", "author", "link")
    entries = [
        {key: entry.get(key, "") for key in keys}
        | {"tags": [tag.term for tag in entry.tags], "html": entry.content[0].value, "type": entry.content[0].type}
        for entry in feed.entries
    ]
    head = {key: feed.feed.get(key, "") for key in ("id", "title", "updated")}
    links = {link.rel: link.href for link in feed.feed.get("links", [])}
    return head | {"bozo": bool(feed.bozo), "version": feed.version, "links": links, "entries": entries}


def event(component):
    text = {key.lower(): str(component[key]) for key in ("UID", "SUMMARY", "DESCRIPTION", "STATUS", "SEQUENCE")}
    times = {key.lower(): component[key].dt.isoformat() for key in ("DTSTAMP", "CREATED", "LAST-MODIFIED", "DTSTART", "DTEND")}
    return text | times | {"url": str(component.get("URL", "")), "categories": [str(one) for one in component["CATEGORIES"].cats]}


def calendar(raw):
    import icalendar

    read = icalendar.Calendar.from_ical(raw)
    events = [event(component) for component in read.walk("VEVENT")]
    for component in read.walk():
        assert not component.errors, component.errors
    return {
        "name": str(read["NAME"]), "x_name": str(read["X-WR-CALNAME"]), "prodid": str(read["PRODID"]),
        "refresh": str(read["REFRESH-INTERVAL"]), "refresh_type": read["REFRESH-INTERVAL"].params.get("VALUE", ""),
        "components": [component.name for component in read.subcomponents], "events": events,
    }


def badge(raw):
    svg = xml.etree.ElementTree.fromstring(raw)
    texts = [
        {"text": text.text, "x": int(text.get("x")), "length": int(text.get("textLength"))} for text in svg.iter(SVG + "text")
    ]
    return {
        "width": int(svg.get("width")), "role": svg.get("role"), "label": svg.get("aria-label"),
        "title": svg[0].text, "first": svg[0].tag.removeprefix(SVG), "texts": texts,
        "elements": sorted({element.tag.removeprefix(SVG) for element in svg.iter()}),
    }


with open(sys.argv[2], "rb") as file:
    json.dump({"atom": atom, "calendar": calendar, "badge": badge}[sys.argv[1]](file.read()), sys.stdout)
print()
