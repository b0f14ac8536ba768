"""Opens a report's page in a real Chromium and compares it with the findings beside it.

    python3 Tests/Browser/report_page.py FOLDER [--marker TEXT] [--shots FOLDER] [--axe FILE]

FOLDER is what `inquest analyze -o` wrote. With --marker the logs are hostile: TEXT stands in every field of theirs, and must
come out as text alone. With --axe the rules of axe-core are run from its file. Prints what was looked at; ends with 1 where
anything is wrong.
"""

import argparse
import base64
import datetime
import json
import os
import sys

from browser import Page

WIDTHS = (400, 800, 1400, 2560)


def milliseconds(time):
    """Whole milliseconds of a time in findings.json, rounded down as the page has them."""
    if time is None:
        return None
    day, clock = time.rstrip("Z").split("T")
    clock, _, fraction = clock.partition(".")
    moment = datetime.datetime.fromisoformat(f"{day}T{clock}+00:00")
    return int(moment.timestamp()) * 1000 + int((fraction + "000")[:3])


class Check:
    def __init__(self, folder, options):
        self.page_path = os.path.join(folder, "report.html")
        with open(os.path.join(folder, "findings.json"), encoding="utf-8") as file:
            self.report = json.load(file)
        self.options = options
        self.faults = []
        self.rows = {}
        for finding in self.report["findings"]:
            self.rows.setdefault(finding["label"], []).append(finding)
        self.labels = sorted(self.rows, key=lambda label: int(label[1:]))

    def expect(self, holds, complaint):
        if not holds:
            self.faults.append(complaint)
            print("FAULT", complaint)

    def same(self, seen, wanted, what):
        self.expect(seen == wanted, f"{what}: the page has {seen!r:.400}, findings.json {wanted!r:.400}")

    def run(self):
        with Page(self.page_path) as page:
            took = page.open()
            size = os.path.getsize(self.page_path)
            print(f"open in {took:.0f} ms, {size:,} bytes")
            self.expect(size < 10_000_000, f"the page has {size:,} bytes")
            self.expect(took < self.options.limit, f"the page took {took:.0f} ms to open")
            for look in (self.bars, self.edges, self.emptied, self.evidence, self.focus, self.table, self.slider, self.keyboard):
                page.open()
                look(page)
                self.quiet(page, look.__name__)
        for dark in (False, True):
            with Page(self.page_path, dark=dark) as page:
                self.widths(page, dark)
                self.quiet(page, "widths")
                if self.options.axe:
                    self.axe(page, dark)
        print("wrong:", len(self.faults))
        return 1 if self.faults else 0

    def quiet(self, page, where):
        for complaint in page.complaints():
            self.expect(False, f"{where}: the console says {complaint}")
        requests = page.requests()
        self.expect(not requests, f"{where}: the page asks for {requests[:3]}")
        if self.options.marker:
            self.harmless(page, where)

    # Marks

    def bars(self, page):
        """Every finding above info has its bar, from its beginning to its end, on one scale of time."""
        drawn = page.run(
            """return [...document.querySelectorAll('#glance .bar')].map(bar => {
                 const label = bar.closest('.row').querySelector('b').textContent;
                 return [label, Number(bar.dataset.from), Number(bar.dataset.to), Number(bar.getAttribute('x')), Number(bar.getAttribute('width'))]; })""")
        end = milliseconds(self.report["span"]["to"])
        wanted = {}
        for label, members in self.rows.items():
            if members[0]["severity"] == "info":
                continue
            ends = [milliseconds(one["until"]) or milliseconds(one["at"]) for one in members]
            last = end if any(one["lasts"] for one in members) else max(ends)
            wanted[label] = (min(milliseconds(one["at"]) for one in members), last)
        few = dict(list(sorted(wanted.items(), key=lambda item: int(item[0][1:])))[:80])
        self.same({label: (start, stop) for label, start, stop, _, _ in drawn}, few, "the bars")
        # One scale: where a bar begins is a straight function of when.
        if len({bar[1] for bar in drawn}) > 1:
            first, last = min(drawn, key=lambda bar: bar[1]), max(drawn, key=lambda bar: bar[1])
            pace = (last[3] - first[3]) / (last[1] - first[1])
            for label, start, stop, x, width in drawn:
                self.expect(abs(first[3] + (start - first[1]) * pace - x) < 0.5, f"{label} begins at another place than its time")
                self.expect(abs(max(3, (stop - start) * pace) - width) < 0.6, f"{label} is drawn for another time than it lasted")
        print("bars", len(drawn))

    def edges(self, page):
        """The arcs are the cascade's edges between rows."""
        cascade = self.report.get("cascade")
        if not cascade:
            return
        label = {finding["id"]: finding["label"] for finding in self.report["findings"]}
        first = {one: window["findings"][0] for window in cascade["windows"] for one in window["findings"]}
        wanted = {(label[first[edge["from"]]], label[first[edge["to"]]]) for edge in cascade["edges"]}
        drawn = page.run(
            """const names = [...document.querySelectorAll('#glance .row')].map(row => row.querySelector('b').textContent);
               const number = name => Number(name.slice(1)) - 1;
               const label = new Map(names.map(name => [number(name), name]));
               return [...document.querySelectorAll('#glance .edge')].map(edge => [label.get(Number(edge.dataset.cause)), label.get(Number(edge.dataset.effect))]);""")
        self.same(sorted(map(tuple, drawn)), sorted(pair for pair in wanted if pair[0] != pair[1]), "the cascade's edges")
        print("edges", len(drawn))

    def emptied(self, page):
        """What is shaded as without addresses are the findings that say so."""
        drawn = page.run("return [...document.querySelectorAll('#endpoints .gone')].map(gone => Number(gone.dataset.finding))")
        wanted = [int(one["label"][1:]) - 1 for one in self.report["findings"] if one["kind"] == "endpoint-emptied"]
        self.expect(set(drawn) <= set(wanted), f"shaded without a finding: {set(drawn) - set(wanted)}")
        self.expect(not wanted or drawn, "no endpoint is shaded, though one had no addresses")

    def evidence(self, page):
        """The marks picked out in a space-time diagram are the finding's evidence, each at the actor's own line."""
        roles = {"the write": "write", "a write": "write", "its check": "check", "its run's start": "check", "the displaced write": "newer",
                 "the deletion": "deletion", "the emptied record": "emptied", "the write that ended it": "ending"}
        looked = 0
        for label in self.labels:
            finding = self.rows[label][0]
            if finding["kind"] not in ("stale-plan-overwrite", "active-plan-deleted", "endpoint-emptied", "automation-wedged"):
                continue
            if looked == 16:
                break
            page.run("history.replaceState(null, '', '#'); location.hash = 'finding=' + arguments[0]", finding["id"])
            page.wait(f"document.querySelector('#finding-title')?.textContent.startsWith('{label} ')", f"{label} is not shown")
            page.settled()
            drawn = page.run(
                """const names = [...document.querySelectorAll('.st-names li')].map(name => name.textContent);
                   return [...document.querySelectorAll('.st-event')].flatMap(mark => {
                     const role = [...mark.lastChild.classList].find(one => one.startsWith('role-')).slice(5);
                     if (['other', 'record', 'failed'].includes(role)) return [];
                     const hit = mark.querySelector('.st-hit');
                     const lane = [...document.querySelectorAll('.st-line')].findIndex(line => Math.abs(line.y1.baseVal.value - hit.cy.baseVal.value) < 1);
                     return [[Number(mark.dataset.event), role, names[lane]]]; })""")
            places = {}
            for event, role, actor in drawn:
                page.run("document.querySelector('.st-event[data-event=\"' + arguments[0] + '\"]').dispatchEvent(new MouseEvent('click', { bubbles: true }))", event)
                places[page.fragment()["event"]] = (role, actor)
            members = self.rows[label]
            wanted = {}
            for one in (members if len(members) == 1 else members[:1]):
                for item in one["evidence"]:
                    if item["part"] in roles:
                        wanted.setdefault(f"{item['file']}:{item['line']}", (roles[item["part"]], item["actor"]))
            if not self.options.marker:
                for place, what in wanted.items():
                    self.expect(places.get(place, (None, None))[1] == what[1], f"{label}: {place} is drawn as {places.get(place)}, not as {what}")
                for place in places:
                    known = any(f"{item['file']}:{item['line']}" == place for one in members for item in one["evidence"])
                    self.expect(known, f"{label}: {place} is picked out, and is no evidence")
            looked += 1
        print("diagrams", looked)

    # What a reader does

    def focus(self, page):
        """A finding chosen in one view is chosen in all, and its address opens it again."""
        if not self.labels:
            return
        finding = self.rows[self.labels[min(2, len(self.labels) - 1)]]
        label, lasting = finding[0]["label"], page.run(
            "return (document.querySelectorAll('.finding-button')[Math.min(2, document.querySelectorAll('.finding-button').length - 1)].click(), new URLSearchParams(location.hash.slice(1)).get('finding'))")
        self.expect(lasting in [one["id"] for one in finding], f"the address names {lasting}, not {label}")
        for _ in range(2):
            page.settled()
            title = page.run("return document.querySelector('#finding-title').textContent")
            self.expect(title.startswith(label + " "), f"{label} was chosen, and {title} is shown")
            pressed = page.run("return [...document.querySelectorAll('.row[aria-pressed=true] b')].map(one => one.textContent)")
            self.same(pressed, [label] if finding[0]["severity"] != "info" else [], "the row in focus")
            evidence = {(item["file"], item["line"]) for one in finding for item in one["evidence"]}
            self.same(page.count(), len(evidence), f"the events of {label}")
            page.open("#finding=" + lasting)
        page.key("Escape")
        self.same(page.fragment(), {}, "the address after Escape")

    def table(self, page):
        """Search and filters agree with the finding's evidence, and only what is seen is drawn."""
        total = self.report["counts"]["events"]
        inside = page.count()
        self.expect(inside == min(total, inside), "more events than the logs hold")
        rows = page.run("return document.querySelectorAll('.event-body .event-row').length")
        self.expect(rows <= 60, f"{rows} rows are drawn at once")
        if self.labels and not self.options.marker:
            item = self.rows[self.labels[0]][0]["evidence"][0]
            page.type("Actor", item["actor"])
            page.type("Event", item.get("event", "*"))
            names = page.run("return [...document.querySelectorAll('.event-body .event-row')].map(row => [row.children[1].textContent, row.children[2].textContent])")
            self.expect(names and all(item["actor"] in actor and item.get("event", "") in event for actor, event in names), f"the filters show {names[:3]}")
            clock = item["ts"][11:23].rstrip("Z")
            page.type("From (UTC)", item["ts"])
            page.type("To (UTC)", item["ts"])
            self.expect(page.count() >= 1, f"nothing at {clock}")
            page.run("[...document.querySelectorAll('.filters button')].at(-1).click()")
            self.same(page.count(), inside, "the events after the filters were cleared")
            page.type("Search", item["actor"] + " " + item.get("event", ""))
            self.expect(0 < page.count() <= inside, "the search finds nothing")
            page.type("Search", "no such word anywhere 7q")
            self.same(page.count(), 0, "the events of a word that stands nowhere")
            self.expect(page.run("return !document.querySelector('.none').hidden"), "an empty table says nothing")
        page.type("Search", "")

    def slider(self, page):
        """In causal order no edge leads back, whatever the clocks say."""
        if not page.run("return !!document.querySelector('.slider input')"):
            return
        places = []
        for value in (0, 50, 100):
            page.run("const slider = document.querySelector('.slider input'); slider.value = arguments[0]; slider.dispatchEvent(new Event('input'))", value)
            page.settled()
            places.append(page.run("return [...document.querySelectorAll('.st-hit')].map(hit => hit.cx.baseVal.value)"))
        back = page.run("return [...document.querySelectorAll('.st-edge')].filter(edge => edge.x2.baseVal.value <= edge.x1.baseVal.value).length")
        self.same(back, 0, "edges that lead back in causal order")
        if len(places[0]) > 2:
            self.expect(places[0] != places[2], "the slider moves nothing")

    def keyboard(self, page):
        """All is reached without a mouse: the diagram's events by arrows, the table's rows too, the focus by Enter."""
        if page.run("return !!document.querySelector('.st-picture')"):
            page.run("document.querySelector('.st-picture').focus()")
            said = page.run("return document.querySelector('.st-says').textContent")
            page.key("Home")
            page.key("ArrowRight")
            page.key("ArrowDown")
            self.expect(page.run("return document.querySelector('.st-says').textContent") != said or page.run("return document.querySelectorAll('.st-event').length") < 3, "the arrows walk nowhere")
            page.key("Enter")
            self.expect("event" in page.fragment(), "Enter sets no focus in the diagram")
            page.key("Escape")
        page.run("document.querySelector('.event-frame').focus()")
        page.key("ArrowDown")
        page.key("ArrowDown")
        page.key("Enter")
        self.expect("event" in page.fragment(), "Enter sets no focus in the table")
        self.expect(page.run("return !document.getElementById('detail').hidden"), "the event is not told at the side")
        page.key("Escape")
        page.run("document.activeElement.blur()")
        seen = set()
        for _ in range(20):
            page.key("Tab")
            seen.add(page.run("return document.activeElement.className + document.activeElement.textContent.slice(0, 30)"))
        self.expect(len(seen) > 7, f"Tab reaches only {seen}")

    # What it looks like

    def widths(self, page, dark):
        for width in WIDTHS:
            page.resize(width)
            page.open()
            page.settled()
            over = page.run("return document.documentElement.scrollWidth - innerWidth")
            self.expect(over <= 0, f"at {width} pixels the page is {over} pixels too wide")
            paper = page.run("return getComputedStyle(document.body).backgroundColor")
            bright = sum(int(part) for part in paper.strip("rgb()").split(",")[:3])
            self.expect((bright < 200) == dark, f"the paper is {paper}")
            if self.options.shots:
                self.shot(page, f"{'dark' if dark else 'light'}-{width}.png", width)
        printed = page.driver.execute_cdp_cmd("Page.printToPDF", {})
        self.expect(len(printed["data"]) > 10_000, "nothing is printed")

    def shot(self, page, name, width):
        os.makedirs(self.options.shots, exist_ok=True)
        height = min(9000, page.run("return document.documentElement.scrollHeight"))
        picture = page.driver.execute_cdp_cmd(
            "Page.captureScreenshot",
            {"captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}})
        with open(os.path.join(self.options.shots, name), "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def axe(self, page, dark):
        page.resize(1400)
        with open(self.options.axe, encoding="utf-8") as file:
            source = file.read()
        for fragment in ["", *(f"#finding={self.rows[label][0]['id']}" for label in self.labels[:1])]:
            page.open(fragment)
            page.run(source)
            found = page.driver.execute_async_script(
                "const done = arguments[0]; axe.run().then(result => done(result.violations.map(one => [one.impact, one.id, one.nodes.length, one.nodes[0].html.slice(0, 200), one.nodes[0].failureSummary])))")
            for impact, rule, count, html, why in found:
                print("axe", "dark" if dark else "light", impact, rule, count, html, why)
                self.expect(impact not in ("serious", "critical"), f"axe: {impact} {rule}, {count} times")

    # Hostile logs

    def harmless(self, page, where):
        """The marker stands in texts alone: in no attribute, no name of an element; and nothing of it came alive."""
        inside = page.run(
            """const marker = arguments[0], found = [];
               for (const node of document.querySelectorAll('*')) {
                 if (node.localName.includes(marker)) found.push(node.localName);
                 for (const attribute of node.attributes) if ((attribute.name + attribute.value).includes(marker)) found.push(node.localName + ' ' + attribute.name);
               }
               return found;""", self.options.marker)
        self.expect(not inside, f"{where}: data became markup: {inside[:5]}")
        alive = page.run("return [window.pwned ?? null, document.querySelectorAll('img, iframe, object, embed, base, form, video, audio, link, svg a, a:not(.skip)').length, document.scripts.length]")
        self.expect(alive[0] is None and alive[1] == 0 and alive[2] <= 2, f"{where}: something came alive: {alive}")
        bidi = page.run("return /[\\u202a-\\u202e\\u2066-\\u2069\\u200b\\u0000]/.test(document.body.textContent)")
        self.expect(not bidi, f"{where}: hidden characters are shown as they are")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--marker")
    parser.add_argument("--shots")
    parser.add_argument("--axe")
    parser.add_argument("--limit", type=float, default=20_000, help="milliseconds in which the page must open")
    options = parser.parse_args()
    sys.exit(Check(options.folder, options).run())


if __name__ == "__main__":
    main()
