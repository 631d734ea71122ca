// Checks the page's files as a whole: budget, hash, old browsers, content policy, and lengths.
// node files_check.mjs SOURCES BUILD CMAKE
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [sources, build, cmake] = process.argv.slice(2);
const acorn = createRequire(import.meta.url)('/usr/share/nodejs/acorn/dist/acorn.js');
const web = join(sources, 'daemon/web');
const made = join(build, 'generated/web');
const mostPacked = 115000; // bytes, by esbuild and zopfli
const mostFirst = 6; // requests until the first values appear, besides the one for the values
const mostLines = 450;
const mostInFunction = 40;

const wrong = [];
const own = readdirSync(web).filter((name) => /\.(html|js|css|svg|webmanifest)$/.test(name)).sort();
const text = new Map(own.map((name) => [name, readFileSync(join(web, name), 'utf8')]));
const scripts = own.filter((name) => name.endsWith('.js'));
const page = text.get('index.html');
/** For browsers without modules. */
const old = new Set([...page.matchAll(/<script nomodule src="\/ui\/HASH\/([^"]+)"/g)].map((found) => found[1]));

function refuse(name, pattern, why) {
  text.get(name).split('\n').forEach((line, index) => {
    if (pattern.test(line)) wrong.push(`${name}:${index + 1}: ${why}: ${line.trim().slice(0, 100)}`);
  });
}

function walk(node, visit) {
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) return node.forEach((each) => walk(each, visit));
  if (typeof node.type === 'string') visit(node);
  for (const key of Object.keys(node)) if (key !== 'loc') walk(node[key], visit);
}

const linesOf = (node) => node.loc.end.line - node.loc.start.line + 1;

/** A function may not be long; what stands in functions inside it does not count. */
function checkFunctions(name, tree) {
  const functions = [];
  walk(tree, (node) => { if (/Function/.test(node.type)) functions.push(node); });
  for (const each of functions) {
    const inside = functions.filter((other) => other !== each && other.start >= each.start && other.end <= each.end);
    const direct = inside.filter((other) => !inside.some((outer) => outer !== other && outer.start <= other.start && outer.end >= other.end));
    const lines = direct.reduce((sum, other) => sum - linesOf(other) + 1, linesOf(each));
    if (lines > mostInFunction) wrong.push(`${name}:${each.loc.start.line}: a function of ${lines} lines; at most ${mostInFunction}`);
  }
}

/** The syntax and the functions of a script, and that what it imports is there. */
function checkScript(name) {
  let tree;
  const options = { ecmaVersion: old.has(name) ? 5 : 2018, sourceType: old.has(name) ? 'script' : 'module', locations: true };
  try {
    tree = acorn.parse(text.get(name), options);
  } catch (error) {
    wrong.push(`${name}: not ES${options.ecmaVersion}: ${error.message}`);
    return;
  }
  checkFunctions(name, tree);
  const imported = [];
  walk(tree, (node) => {
    if (/^(Import|ExportAll|ExportNamed)Declaration$/.test(node.type) && node.source) imported.push(node.source.value);
  });
  imported.forEach((path) => {
    const target = path.replace(/^\.\//, '');
    if (!path.startsWith('./') || !text.has(target)) wrong.push(`${name}: imports ${path}, which is not there`);
  });
}

function checkPolicy() {
  for (const name of own) {
    refuse(name, /http:(?!\/\/www\.w3\.org\/(2000\/svg|1999\/xlink)\b)/, 'an address of another place');
    if (text.get(name).split('\n').length > mostLines) wrong.push(`${name}: more than ${mostLines} lines`);
  }
  for (const name of scripts) {
    refuse(name, /innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|srcdoc|document\.write|setHTML|\beval\(|new Function\b/,
      'text becomes markup or code');
    refuse(name, /setAttribute\(\s*['"](style|on\w+)['"]/, 'the content policy refuses it');
    refuse(name, /\.(replaceAll|flat|flatMap|matchAll|at|findLast|replaceChildren|toSorted|trimStart|trimEnd)\(|fromEntries|allSettled|globalThis|structuredClone|ResizeObserver|\(\?<[=!]/,
      'not in each of iOS 12.2, Chrome 64 and Firefox 60');
  }
  refuse('index.html', /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/, 'inline script or style');
  for (const name of own.filter((each) => each.endsWith('.css'))) {
    refuse(name, /@import|url\((?!['"]?(data:|\.\/|\/ui\/))/, 'an address of another place');
    for (const rule of text.get(name).match(/[^{}]*\{[^{}]*\}/g) || [])
      if (/[^-]gap:/.test(rule) && !/grid/.test(rule)) wrong.push(`${name}: gap without grid: ${rule.trim().split('\n')[0]}`);
  }
}

/** The names in the program's table. */
function embedded() {
  return [...readFileSync(join(made, 'table.cpp'), 'utf8').matchAll(/^ +\{"([^"]+)"/gm)].map((found) => found[1]);
}

/** The page, its styles, and its module with all that this needs, in one file. */
function checkFirst() {
  for (const [, name] of page.matchAll(/\/ui\/HASH\/([^"#]+)/g)) if (!text.has(name)) wrong.push(`index.html: ${name} is not there`);
  const styles = [...page.matchAll(/<link rel="stylesheet"/g)].length;
  // embed.cmake joins modules into a few files.
  const joined = readFileSync(join(made, 'app.js'), 'utf8');
  for (const name of embedded().filter((each) => each.endsWith('.js') && !old.has(each) && !each.startsWith('dygraph'))) {
    try {
      acorn.parse(readFileSync(join(made, name), 'utf8'), { ecmaVersion: 2018, sourceType: 'module' });
    } catch (error) {
      wrong.push(`${name} as embedded: ${error.message}`);
    }
  }
  if (/\bimport\b *[{'"]/.test(joined)) wrong.push('an import is left in the joined app.js');
  if (/modulepreload/.test(page)) wrong.push('index.html: modulepreload asks for what app.js has already');
  const first = 1 + styles + [...page.matchAll(/<script type="module"/g)].length;
  if (first > mostFirst) wrong.push(`${first} requests before the first values, at most ${mostFirst}`);
  return first;
}

function packed() {
  const names = [...readFileSync(join(made, 'list.cmake'), 'utf8').matchAll(/^ {2}([^=\s]+)=/gm)].map((found) => found[1]);
  for (const name of own) if (!names.includes(name)) wrong.push(`${name}: not embedded; configure again`);
  const sum = embedded().reduce((bytes, name) => bytes + readFileSync(join(made, `${name}.gz`)).length, 0);
  if (sum > mostPacked) wrong.push(`${sum} bytes packed, at most ${mostPacked}`);
  return sum;
}

/** What is embedded, made again from these files in another directory. */
function embed(list) {
  const out = mkdtempSync(join(tmpdir(), 'volt-web-'));
  writeFileSync(join(out, 'list.cmake'), list);
  execFileSync(cmake, ['-D', `out=${out}`, '-P', join(web, 'embed.cmake')]);
  const table = readFileSync(join(out, 'table.cpp'), 'utf8');
  rmSync(out, { recursive: true });
  return table;
}

function checkHash() {
  const list = readFileSync(join(made, 'list.cmake'), 'utf8');
  if (embed(list) !== readFileSync(join(made, 'table.cpp'), 'utf8')) wrong.push('the same files make another table');
  const copy = mkdtempSync(join(tmpdir(), 'volt-web-'));
  writeFileSync(join(copy, 'index.html'), `${page}\n`);
  const hash = (table) => table.match(/return "([0-9a-f]{8})"/)[1];
  if (hash(embed(list.replace(join(web, 'index.html'), join(copy, 'index.html')))) === hash(embed(list)))
    wrong.push('another file has the same hash');
  rmSync(copy, { recursive: true });
}

if (!existsSync(join(made, 'table.cpp'))) {
  console.log('built without the page');
  process.exit(0);
}
checkPolicy();
scripts.forEach(checkScript);
const first = checkFirst();
const sum = packed();
checkHash();
console.log(`${own.length} files, ${sum} bytes packed with Dygraphs, ${first} requests before the first values`);
if (wrong.length > 0) {
  console.log(wrong.join('\n'));
  process.exit(1);
}
