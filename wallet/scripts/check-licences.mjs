// Fails when a dependency that is shipped has a licence that is not permissive.
import { readFileSync } from 'node:fs';

const PERMISSIVE = new Set(['Apache-2.0', 'MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'CC0-1.0', 'Unlicense', 'BlueOak-1.0.0', 'Zlib']);
const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const refused = [];
let count = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '' || entry.optional) continue;
  const manifest = JSON.parse(readFileSync(new URL(`../${path}/package.json`, import.meta.url), 'utf8'));
  const licence = typeof manifest.license === 'string' ? manifest.license : (manifest.license?.type ?? 'none');
  count++;
  const parts = licence.replace(/[()]/g, '').split(/ (?:AND|OR) /);
  if (!parts.every((part) => PERMISSIVE.has(part))) refused.push(`${path}: ${licence}`);
}
if (refused.length > 0) {
  console.error(refused.join('\n'));
  process.exit(1);
}
console.log(`${count} dependencies, all permissive`);
