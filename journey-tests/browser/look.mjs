// Opens pages in Chromium at the width of a phone and of a desk, takes pictures, and says what is wrong with each.
//
// usage: node look.mjs FILE, with {"browser": PATH, "out": FOLDER, "pages": [{"name", "url", "headers"?}]} in the file
// prints {"NAME at WIDTH": [PROBLEM...]}; a page without problems has an empty list
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const SIZES = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 900 } };
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const { browser: executablePath, out, pages } = JSON.parse(await readFile(process.argv[2], 'utf8'));
const browser = await chromium.launch({ executablePath, args: QUIET });
try {
  const found = {};
  for (const { name, url, headers } of pages)
    for (const [size, viewport] of Object.entries(SIZES))
      found[`${name} at ${size}`] = await look(url, headers, viewport, join(out, `${name}-${size}.png`));
  process.stdout.write(JSON.stringify(found));
} finally {
  await browser.close();
}

async function look(url, extraHTTPHeaders, viewport, picture) {
  const problems = [];
  // the development CA is no browser's; its chain is checked elsewhere
  const context = await browser.newContext({ viewport, extraHTTPHeaders, ignoreHTTPSErrors: true, locale: 'ko-KR' });
  try {
    const page = await context.newPage();
    page.on('console', (line) => line.type() === 'error' && problems.push(`console: ${line.text()}`));
    page.on('pageerror', (error) => problems.push(`script: ${error.message}`));
    page.on('requestfailed', (request) => problems.push(`not loaded: ${request.url()}`));
    page.on('response', (answer) => answer.status() >= 400 && problems.push(`${answer.status()}: ${answer.url()}`));
    await page.goto(url, { waitUntil: 'networkidle', timeout: 20_000 });
    problems.push(...(await page.evaluate(shape)));
    await page.screenshot({ path: picture, fullPage: false });
  } catch (error) {
    problems.push(`not opened: ${error.message.split('\n')[0]}`);
  } finally {
    await context.close();
  }
  return problems;
}

/** Runs in the page: what a person would stumble over. */
function shape() {
  const problems = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) problems.push(`wider than the screen by ${root.scrollWidth - innerWidth} px`);
  if (!root.lang) problems.push('no language');
  if (!document.title) problems.push('no title');
  if (!document.querySelector('h1')) problems.push('no heading');
  for (const image of document.querySelectorAll('img:not([alt]), svg[role=img]:not([aria-label]):not([aria-hidden=true]):not(:has(title))'))
    problems.push(`no text instead of ${image.outerHTML.slice(0, 80)}`);
  for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea'))
    if (!field.labels?.length && !field.ariaLabel && !field.getAttribute('aria-labelledby'))
      problems.push(`no label for ${field.outerHTML.slice(0, 80)}`);
  return problems;
}
