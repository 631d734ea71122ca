"""Checks with axe-core that no view violates WCAG 2.1 AA, light and dark, phone and wide."""
import world

run = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}, resultTypes: ['violations']})
  .then(found => done(found.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + (n.any[0] ? n.any[0].message : '')).join(' | '))), e => done([String(e)]));
"""


class Axe(world.Case):
    def check(self, view):
        self.assertTrue(world.axe, "run with --axe axe.min.js")
        self.page.driver.set_script_timeout(60)
        for size in ("phone", "wide"):
            for scheme in ("light", "dark"):
                self.page.shape(size, scheme)
                world.settle(self.page, view, load=False)
                if not self.page.js("return typeof axe === 'object'"):
                    self.page.js(open(world.axe).read() + "; window.axe = axe;")
                with self.subTest(view=view, size=size, scheme=scheme):
                    self.assertEqual(self.page.driver.execute_async_script(run), [])


def add(view):
    setattr(Axe, "test_" + world.name_of(view).replace("-", "_"), lambda self: self.check(view))


for each in world.views:
    add(each)
