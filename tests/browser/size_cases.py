"""Each view at four widths: nothing scrolls sideways, targets fit thumbs, text is readable. Saves a picture of each."""
import world

faults = """
const wide = document.documentElement.scrollWidth <= window.innerWidth ? [] : Array.from(document.querySelectorAll('main *'))
  .filter(node => node.getBoundingClientRect().right > window.innerWidth)
  .map(node => node.tagName + '.' + (node.getAttribute('class') || '') + ' ' + node.textContent.trim().slice(0, 20));
const small = [], tiny = [];
const seen = node => { const s = getComputedStyle(node); const r = node.getBoundingClientRect();
  return s.visibility !== 'hidden' && s.display !== 'none' && r.width > 1 && r.height > 1 && !node.closest('.unseen'); };
document.querySelectorAll('a, button, select, textarea, summary, input, [role=button]').forEach(node => {
  if (!seen(node) || node.classList.contains('skip')) return;
  let box = (node.closest('label') || node).getBoundingClientRect();
  const cover = node.classList.contains('cover-link') ? node.closest('.card') : null;
  if (cover) box = cover.getBoundingClientRect();
  if (box.width < 47.5 || box.height < 47.5) small.push((node.textContent || node.getAttribute('aria-label') || node.id || node.tagName).trim().slice(0, 30)
    + ' ' + Math.round(box.width) + 'x' + Math.round(box.height));
});
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const node = walk.currentNode.parentElement;
  if (!walk.currentNode.data.trim() || !seen(node) || node.closest('noscript, script')) continue;
  const size = parseFloat(getComputedStyle(node).fontSize);
  if (size < 15.5) tiny.push(walk.currentNode.data.trim().slice(0, 30) + ' ' + size);
}
return {wide, small: Array.from(new Set(small)), tiny: Array.from(new Set(tiny))};
"""

# The numbers of the legend change with the sun. Make each as long as possible.
longest = "document.querySelectorAll('.legend-value').forEach(node => { if (node.textContent) node.textContent = '\u221288,888 W'; });"


class Size(world.Case):
    def check(self, view):
        name = world.name_of(view)
        for width, height, scheme in ((360, 780, "light"), (360, 780, "dark"), (320, 640, "light"), (768, 1024, "light"), (1440, 900, "light"), (1440, 900, "dark")):
            self.page.shape((width, height), scheme)
            world.settle(self.page, view, load=False)
            self.page.js(longest)
            self.page.drawn()
            found = self.page.js(faults)
            with self.subTest(view=view, width=width, scheme=scheme):
                self.assertEqual(found["wide"], [], "scrolls sideways")
                self.assertEqual(found["small"], [], "targets under 48 px")
                self.assertEqual(found["tiny"], [], "text under 16 px")
            if width in (360, 1440):
                self.page.picture(f"{name}-{width}-{scheme}")


def add(view):
    setattr(Size, "test_" + world.name_of(view).replace("-", "_"), lambda self: self.check(view))


for each in world.views:
    add(each)


class Wall(world.Case):
    def test_the_wall_tablet_has_no_control_and_is_larger(self):
        self.page.shape((1280, 800), "dark")
        size = self.page.js("return parseFloat(getComputedStyle(document.querySelector('.voltage')).fontSize)")
        self.page.open("#/?wall")
        self.page.until(lambda: self.page.has(".voltage"), "the voltage")
        self.assertEqual(self.page.all("[data-change]"), [])
        self.assertGreater(self.page.js("return parseFloat(getComputedStyle(document.querySelector('.voltage')).fontSize)"), size)
        self.page.picture("wall")


class Readme(world.Case):
    def test_the_picture_of_the_readme_is_small(self):
        """Saves `screens/readme.png`, which README shows as daemon/web/now.png."""
        self.page.shape((1240, 780))
        self.page.until(lambda: self.page.says("Runs at", "main") and self.page.text(".load-watts")[:1] in set("123456789"), "a load that runs", 60)
        self.page.drawn()
        self.assertLess(len(self.page.driver.get_screenshot_as_png()), 200_000)
        if world.screens:
            self.page.driver.save_screenshot(f"{world.screens}/readme.png")
