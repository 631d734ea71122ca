"""Checks the headers, and that no view causes a violation, a console error or a request to another server."""
import urllib.request

import world


class Csp(world.Case):
    def test_the_headers_are_complete(self):
        with urllib.request.urlopen(urllib.request.Request(self.site.base + "/", headers={"Accept-Encoding": "gzip"})) as answer:
            policy = answer.headers["Content-Security-Policy"]
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "form-action 'self'"):
            self.assertIn(part, policy)
        self.assertNotIn("unsafe", policy)

    def test_every_view_follows_the_policy(self):
        self.page.js("window.violations = []; document.addEventListener('securitypolicyviolation', e => window.violations.push(e.violatedDirective + ' ' + e.blockedURI))")
        for view in world.views:
            world.settle(self.page, view, load=False)
            self.assertEqual(self.page.js("return window.violations"), [], view)
