// Plots of History with Dygraphs, which is loaded from voltd when History opens. Its Legend plugin (style attributes, HTML) is
// never used, and the axis texts are digits.

import { el } from './dom.js';
import { number } from './format.js';
import { ticks } from './sitetime.js';

let loading = null;

function load(node, name) {
  return new Promise((resolve, reject) => {
    node.addEventListener('load', resolve);
    node.addEventListener('error', () => reject(new Error(name)));
    document.head.appendChild(node);
  });
}

/// Resolves to Dygraph. The next call retries a failed load.
export function dygraphs() {
  const base = '/ui/' + document.documentElement.getAttribute('data-ui') + '/';
  if (!loading) {
    loading = Promise.all([
      load(el('link', { rel: 'stylesheet', href: base + 'dygraph.css' }), 'dygraph.css'),
      load(el('script', { src: base + 'dygraph.js' }), 'dygraph.js'),
    ]).then(() => {
      const Dygraph = window.Dygraph;
      Dygraph.PLUGINS = Dygraph.PLUGINS.filter((plugin) => plugin !== Dygraph.Plugins.Legend);
      return Dygraph;
    });
    loading.catch(() => {
      loading = null;
    });
  }
  return loading;
}

/// Returns a color of the style sheet.
export function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/// Returns the range after fingers moved from `before` to `after` (x by finger, at most two count) on an area of `width`: the
/// times under the fingers remain under them.
export function touched(range, before, after, left, width) {
  const span = range[1] - range[0];
  const time = (x) => range[0] + ((x - left) / width) * span;
  if (before.length < 2 || after.length < 2) {
    const shift = ((before[0] - after[0]) / width) * span;
    return [range[0] + shift, range[1] + shift];
  }
  const [one, two] = [time(before[0]), time(before[1])];
  const apart = after[1] - after[0];
  if (Math.abs(apart) < 8 || (two - one) / apart <= 0) return range;
  const begin = one - ((after[0] - left) * (two - one)) / apart;
  return [begin, begin + ((two - one) / apart) * width];
}

const touches_at = (event) => Array.from(event.touches).slice(0, 2).map((touch) => touch.clientX);

// Handles touches: one finger moving sideways drags the time, two zoom it. Vertical moves scroll the page.
function touches(act) {
  let start = null;
  const begin = (event, g) => {
    const box = g.canvas_.getBoundingClientRect();
    const area = g.getArea();
    const first = event.touches[0];
    start = first ? { x: touches_at(event), y: first.clientY, range: g.xAxisRange(), left: box.left + area.x, width: area.w, sideways: event.touches.length > 1 } : null;
  };
  const move = (event) => {
    if (!start) return;
    const now = touches_at(event);
    const dx = Math.abs(now[0] - start.x[0]);
    const dy = Math.abs(event.touches[0].clientY - start.y);
    if (!start.sideways && dx < 8 && dy < 8) return;
    if (!start.sideways && dy > dx) {
      start = null;
      return;
    }
    start.sideways = true;
    event.preventDefault();
    act(touched(start.range, start.x, now, start.left, start.width));
  };
  return { touchstart: begin, touchmove: move, touchend: begin };
}

const text_height = 17;

/// Returns the labels of lines at `y` that no other line or label would cross: `[{text, base}]`, above its line if there is room,
/// else below.
export function labels_of(lines, top) {
  const taken = [];
  return lines.map((one, i) => {
    const free = (base) => base - text_height >= top && lines.every((other, j) => j === i || other.y < base - text_height || other.y > base + 3)
      && taken.every((other) => Math.abs(other - base) > text_height);
    const base = [one.y - 4, one.y + text_height].find(free);
    if (base === undefined) return null;
    taken.push(base);
    return { text: one.text, base };
  }).filter(Boolean);
}

// Draws thin lines across the plot at fixed values, each with its value.
function underlay(thresholds) {
  return (context, area, g) => {
    const [low, high] = g.yAxisRange();
    context.save();
    context.font = '16px system-ui,sans-serif';
    context.fillStyle = color('--muted');
    context.strokeStyle = color('--line-strong');
    const shown = thresholds().filter((one) => one.value >= low && one.value <= high)
      .map((one) => ({ text: one.text, y: Math.round(g.toDomYCoord(one.value)) + 0.5 }));
    shown.forEach(({ y }) => {
      context.beginPath();
      context.setLineDash([4, 4]);
      context.moveTo(area.x, y);
      context.lineTo(area.x + area.w, y);
      context.stroke();
    });
    labels_of(shown, area.y).forEach((one) => context.fillText(one.text, area.x + 6, one.base));
    context.restore();
  };
}

function axes(setup) {
  const axis_text = (value, granularity, options, g) => {
    const [low, high] = g.yAxisRange();
    return number(value, high - low < 1 ? 2 : high - low < 3 ? 1 : 0);
  };
  return {
    x: {
      ticker: (from, to, pixels) => ticks(from / 1000, to / 1000, pixels / 64, setup.zone())
        .map((tick) => ({ v: tick.t * 1000, label: tick.label })),
      axisLabelWidth: 64,
      drawGrid: true,
      pixelsPerLabel: 64,
    },
    y: { axisLabelFormatter: axis_text, axisLabelWidth: 72, pixelsPerLabel: 36 },
  };
}

function options(Dygraph, setup, moved) {
  const model = Object.assign({}, Dygraph.defaultInteractionModel, touches(moved));
  return {
    labels: ['t'].concat(setup.series.map((one) => one.key)),
    customBars: setup.band,
    series: setup.series.reduce((all, one) => Object.assign(all, { [one.key]: { strokePattern: one.dash || null } }), {}),
    axes: axes(setup),
    interactionModel: model,
    underlayCallback: underlay(setup.thresholds || (() => [])),
    highlightCallback: (event, x) => setup.point(x / 1000),
    unhighlightCallback: () => setup.point(null),
    drawCallback: (g, initial) => {
      if (!initial) setup.drawn(g);
    },
    zoomCallback: (from, to) => moved([from, to]),
    fillAlpha: 0.25,
    strokeWidth: 2,
    highlightCircleSize: 4,
    connectSeparatedPoints: false,
    drawGapEdgePoints: true,
    animatedZooms: false,
    rightGap: 8,
    xRangePad: 0,
    axisLabelFontSize: 16,
  };
}

const look = (setup) => ({ colors: setup.series.map((one) => color(one.color)), gridLineColor: color('--line'), axisLineColor: color('--line') });

/// Creates a plot in `root`. `setup`: series (key, color, dash), band, zone(), thresholds(), point(t), moved([ms, ms]),
/// drawn(graph).
export function make(Dygraph, root, setup) {
  let graph = null;
  const moved = (range) => setup.moved(range[0] / 1000, range[1] / 1000);
  return {
    // Shows data. `range` is in seconds; `values` is [min, max], or null for the data's own.
    show(data, range, values, visible) {
      const change = Object.assign(look(setup), { file: data, dateWindow: [range[0] * 1000, range[1] * 1000], valueRange: values, visibility: visible });
      if (graph) graph.updateOptions(change);
      else graph = new Dygraph(root, data, Object.assign(options(Dygraph, setup, moved), change));
    },
    range(from, to) {
      if (graph) graph.updateOptions({ dateWindow: [from * 1000, to * 1000] });
    },
    redraw(visible) {
      if (graph) graph.updateOptions(Object.assign(look(setup), visible ? { visibility: visible } : {}));
    },
    /// Returns { x, w } of the plotted area in pixels.
    area() {
      return graph ? graph.getArea() : null;
    },
    resize() {
      if (graph) graph.resize();
    },
    close() {
      if (graph) graph.destroy();
      graph = null;
    },
  };
}
