// Data that seldom changes and is not in the picture: settings from /api/preferences, miners and zones, and the explanations of
// the loads.

const tables = { preferences: '/api/preferences', miners: '/api/miners', zones: '/api/hvac/zones', outputs: '/api/outputs' };
const explain_gap = 15000; // ms between explanations while nothing changes

/// Returns `{preferences, miners, zones, outputs, explain, of(load), zone(slug), name(load), metered(load), follow(live),
/// forget()}`. Each is null until it arrives.
export function known_of(page) {
  const known = { preferences: null, miners: null, zones: null, outputs: null, explain: null };
  let change = null; // newest loaded change of the settings; an open view is not notified
  let failed_at = null;
  let shown = ''; // states and reasons of the explanations
  let explained = -explain_gap;
  let asking = false;

  async function fetch_settings(wanted) {
    change = wanted;
    failed_at = null;
    await Promise.all(Object.keys(tables).map(async (name) => {
      const answer = await page.ask('GET', tables[name], { quiet: true });
      if (answer.status === 200 && answer.body && typeof answer.body === 'object') known[name] = answer.body;
      else if (answer.status === 0 || answer.status >= 500) failed_at = performance.now();
      else if (known[name] === null) known[name] = name === 'preferences' ? {} : [];
    }));
    page.refresh();
  }

  async function fetch_explanations() {
    asking = true;
    const answer = await page.ask('GET', '/api/explain', { quiet: true });
    asking = false;
    explained = performance.now();
    if (answer.status === 200 && answer.body && typeof answer.body === 'object') known.explain = answer.body;
    page.refresh();
  }

  function reasons(live) {
    const all = [];
    live.objects.forEach((object, topic) => {
      if (/^(miner|zone)\/|^charge$/.test(topic)) all.push(topic, object.state, object.heat, object.fan_level, object.reason, object.override, object.order);
    });
    return all.join(' ');
  }

  known.follow = (live) => {
    if (live.received === null) return;
    const again = failed_at !== null && performance.now() - failed_at > explain_gap;
    if (live.change !== change || again) fetch_settings(live.change);
    const now = reasons(live);
    if (!asking && (now !== shown || performance.now() - explained > explain_gap)) {
      shown = now;
      fetch_explanations();
    }
  };
  /// Requests the explanations again, as after the user's own order.
  known.renew = () => {
    explained = -explain_gap;
  };
  known.forget = () => {
    change = null;
    explained = -explain_gap;
  };
  known.of = (load) => (known.explain && known.explain[load]) || null;
  known.zone = (slug) => (Array.isArray(known.zones) ? known.zones.find((one) => one.slug === slug) || null : null);
  /// Returns false if its output has no meter.
  known.metered = (load) => !Array.isArray(known.outputs) || known.outputs.every((one) => one.load !== load || one.meter !== false);
  known.name = (load) => {
    const explanation = known.of(load);
    if (explanation && explanation.name) return explanation.name;
    const miner = Array.isArray(known.miners) ? known.miners.find((one) => one.slug === load) : null;
    return (miner && miner.name) || load;
  };
  return known;
}
