"""Phone on a slow link: 1.6 Mbit/s, 150 ms, a processor six times slower."""
import statistics

import world

watch = """
window.values_at = null;
new MutationObserver(() => {
  const n = document.querySelector('.voltage');
  if (window.values_at === null && n && /\\d/.test(n.textContent)) window.values_at = performance.now();
}).observe(document, {subtree: true, childList: true, characterData: true});
"""


class Slow(world.Case):
    def test_first_paint_and_first_values(self):
        cdp = self.page.cdp
        script = cdp("Page.addScriptToEvaluateOnNewDocument", source=watch)["identifier"]
        cdp("Network.enable")
        paints, values, requests, sizes = [], [], [], []
        try:
            cdp("Network.emulateNetworkConditions", offline=False, latency=150, downloadThroughput=200000, uploadThroughput=94000)
            cdp("Emulation.setCPUThrottlingRate", rate=6)
            for _ in range(5):
                cdp("Network.clearBrowserCache")
                self.page.open("#/")
                self.page.until(lambda: self.page.js("return window.values_at"), "values", 60)
                values.append(self.page.js("return window.values_at"))
                paints.append(self.page.js("return performance.getEntriesByName('first-contentful-paint')[0].startTime"))
                seen = self.page.js("return performance.getEntriesByType('resource').filter(e => e.responseEnd <= window.values_at + 50 && e.name.includes('/ui/')).map(e => [e.name.split('/').pop(), e.encodedBodySize])")
                requests.append([name for name, _ in seen])
                sizes.append(sum(size for _, size in seen))
        finally:
            cdp("Emulation.setCPUThrottlingRate", rate=1)
            cdp("Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1)
            cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=script)
        paint, value = statistics.median(paints) / 1000, statistics.median(values) / 1000
        print(f"\nfirst paint {paint:.2f} s, values {value:.2f} s (medians of 5); {1 + len(requests[-1])} files before the values: page, {', '.join(requests[-1])}; {sizes[-1]} B gz")
        self.assertLessEqual(paint, 1.0 * world.patience())
        self.assertLessEqual(value, 2.0 * world.patience())
