"""History: last night with its decisions, gaps, the table, the file."""
import world


class History(world.Case):
    def setUp(self):
        super().setUp()
        self.page.go("#/history?h=72")
        self.page.until(lambda: len(self.page.all(".plot canvas")) >= 4, "two plots", 30)
        self.page.until(lambda: self.page.has(".mark"), "marks", 30)

    def test_last_night_with_the_decisions_on_it(self):
        self.assertTrue(self.page.says("America/Los_Angeles, UTC−7"))
        self.assertTrue(self.page.says("Heat Room fan", ".lanes"))
        mark = self.page.one(".mark-warning")
        self.page.js("arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true}))", mark)
        self.page.until(lambda: self.page.says("stop voltage", ".chosen"), "the decision under the plot")
        self.page.press("Inputs and gates at that time", ".chosen")
        self.assertTrue(self.page.says("54.50 V", ".chosen"))
        self.page.picture("history-decision")

    def test_the_page_has_no_legend_of_the_plots_and_digits_on_the_axes(self):
        self.assertFalse(self.page.has(".dygraph-legend"))
        labels = self.page.js("return Array.from(document.querySelectorAll('.dygraph-axis-label')).map(n => n.textContent)")
        self.assertTrue(labels)
        for label in labels:
            self.assertRegex(label, r"^[-−\d.,:   ’']+$")

    def test_a_hidden_series_is_remembered(self):
        self.page.click(self.page.all(".legend-item")[-1])
        self.assertEqual(self.page.all(".legend-item")[-1].get_attribute("aria-pressed"), "false")
        self.page.open("#/history?h=6")
        self.page.until(lambda: self.page.has(".plot canvas"), "the plots")
        self.page.until(lambda: self.page.all(".legend-item")[-1].get_attribute("aria-pressed") == "false", "still hidden")
        self.page.click(self.page.all(".legend-item")[-1])

    def test_the_table_has_the_gap_and_sorts(self):
        self.page.press("As a table")
        rows = lambda: self.page.js("return Array.from(document.querySelectorAll('tbody tr')).map(r => r.innerText.split('\\t'))")  # noqa: E731
        self.page.until(lambda: len(rows()) > 100, "rows")
        self.assertTrue(any(row[1] == "–" for row in rows()), "a gap is a dash")
        self.page.press("Voltage V", "thead")
        values = [float(row[1]) for row in rows() if row[1] != "–"]
        self.assertEqual(values, sorted(values, reverse=True))
        self.page.picture("history-table")

    def test_the_file_has_the_rows(self):
        self.page.js("URL.createObjectURL = blob => { blob.text().then(t => { window.made = t; }); return '#/history'; }")
        self.page.press("CSV")
        made = self.page.until(lambda: self.page.js("return window.made"), "the file")
        lines = made.split("\r\n")
        self.assertTrue(lines[0].startswith("time_utc,time_site,voltage_v"))
        self.assertRegex(lines[1], r"^2025-06-\d\dT\d\d:\d\d:\d\dZ,2025-06-\d\d \d\d:\d\d:\d\d,")

    def touch(self, kind, *places):
        self.page.cdp("Input.dispatchTouchEvent", type="touch" + kind, touchPoints=[{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)])

    def swipe(self, begin, end):
        """Moves fingers from the positions of `begin` to those of `end`, in steps."""
        self.touch("Start", *begin)
        for step in range(1, 6):
            self.touch("Move", *((x + (to - x) * step / 5, y) for (x, y), (to, _) in zip(begin, end)))
        self.touch("End")

    def span(self):
        return self.page.text(".history-span")

    def test_fingers_stretch_and_drag_the_time(self):
        self.page.cdp("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=2)
        try:
            self.page.js("arguments[0].scrollIntoView({block: 'center'})", self.page.one(".plot"))
            left, y, width = self.page.js("const b = document.querySelector('.plot').getBoundingClientRect(); return [b.left, b.top + b.height / 2, b.width]")
            at = lambda part: (left + part * width, y)  # noqa: E731
            whole = self.span()
            self.swipe((at(0.5), at(0.6)), (at(0.3), at(0.8)))
            self.page.until(lambda: self.page.says("Zoomed"), "stretched")
            stretched = self.page.until(lambda: self.span() if self.span() != whole else None, "a shorter time")
            self.assertEqual(self.page.js("return window.visualViewport.scale"), 1, "the page itself is not stretched")
            self.swipe((at(0.4),), (at(0.7),))
            self.page.until(lambda: self.span() not in (whole, stretched), "dragged")
            self.page.press("Whole range")
            self.page.until(lambda: self.span() == whole, "the whole range")
        finally:
            self.page.cdp("Emulation.setTouchEmulationEnabled", enabled=False)

    def test_arrows_and_zoom(self):
        before = self.page.text(".history-span")
        self.page.press("Earlier")
        self.page.until(lambda: self.page.text(".history-span") != before, "an earlier range")
        self.page.press("Later")
        self.page.until(lambda: self.page.text(".history-span") == before, "the range of before")
        plot = self.page.one(".plot")
        from selenium.webdriver import ActionChains
        ActionChains(self.page.driver).move_to_element_with_offset(plot, -40, 0).click_and_hold().move_by_offset(80, 0).release().perform()
        self.page.until(lambda: self.page.says("Zoomed"), "zoomed")
        self.page.press("Whole range")
        self.page.until(lambda: not self.page.says("Zoomed"), "the whole range")
