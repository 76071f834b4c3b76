#!/usr/bin/env node
// Writes docs/licences.md: what lies beside the packaged services (target/quarkus-app/lib), with the licences that their bills of materials (target/bom.json,
// CycloneDX) give, what the bills of verifier and Java client name, and the lock files of wallet and contracts. A bill alone is not enough: Quarkus adds what it finds useful.
// Fails if a dependency that is shipped has no licence, or one that does not go with the project's (Apache-2.0).
//
//   mvn -Psbom -DskipTests package && node .ci/licences.mjs          writes the page
//   node .ci/licences.mjs --check                                    compares it
//   node .ci/licences.mjs --npm                                      judges wallet and contracts alone, and needs no bills
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const services = ['gateway', 'identity-service', 'payment-service', 'records-service'];

/** Permissive, or weak copyleft that asks nothing of what merely uses it. */
const fit = new Set([
  '0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC0-1.0', 'CDDL-1.0', 'CDDL-1.1', 'EPL-1.0', 'EPL-2.0', 'GPL-2.0-with-classpath-exception',
  'ISC', 'LGPL-2.1-only', 'LGPL-2.1-or-later', 'LGPL-3.0-or-later', 'MIT', 'MIT-0', 'MPL-1.1', 'MPL-2.0', 'OFL-1.1', 'UPL-1.0', 'Unlicense', 'W3C', 'Zlib', 'Public Domain', 'Bouncy Castle Licence', 'Unicode-3.0',
]);

/** What authors write for what SPDX names otherwise. */
const spelled = new Map([
  ['Apache License, Version 2.0', 'Apache-2.0'],
  ['The Apache Software License, Version 2.0', 'Apache-2.0'],
  ['Apache License 2.0', 'Apache-2.0'],
  ['Apache 2.0', 'Apache-2.0'],
  ['Eclipse Distribution License - v 1.0', 'BSD-3-Clause'],
  ['EDL 1.0', 'BSD-3-Clause'],
  ['Eclipse Public License v. 2.0', 'EPL-2.0'],
  ['Eclipse Public License v2.0', 'EPL-2.0'],
  ['EPL 2.0', 'EPL-2.0'],
  ['GPL2 w/ CPE', 'GPL-2.0-with-classpath-exception'],
  ['GPL-2.0-with-classpath-exception', 'GPL-2.0-with-classpath-exception'],
  ['GNU General Public License, version 2 with the GNU Classpath Exception', 'GPL-2.0-with-classpath-exception'],
  ['MIT License', 'MIT'],
  ['The MIT License', 'MIT'],
  ['BSD', 'BSD-3-Clause'],
  ['BSD License', 'BSD-3-Clause'],
  ['Public Domain', 'Public Domain'],
  ['Public Domain, per Creative Commons CC0', 'CC0-1.0'],
  ['Go License', 'BSD-3-Clause'],
]);

/** What a package says of itself where neither bill nor lock file does; looked up in the package. */
const known = new Map([
  ['io.quarkus:quarkus-flyway-postgresql', 'Apache-2.0'],
  ['org.flywaydb:flyway-database-postgresql', 'Apache-2.0'],
]);

function read(path) {
  return JSON.parse(readFileSync(new URL(path, root), 'utf8'));
}

/** One line for each component: what it is, which version, under what, and where it goes. */
const components = new Map();
function note(kind, name, version, licences, where) {
  const key = `${kind} ${name} ${version}`;
  const found = components.get(key) ?? { kind, name, version, licences, where: [] };
  if (!found.where.includes(where)) found.where.push(where);
  components.set(key, found);
}

function named(entry) {
  if (/licenses\/lgpl-2\.1\b/.test(entry.license?.url ?? '')) return 'LGPL-2.1-only';
  const text = entry.expression ?? entry.license?.id ?? entry.license?.name ?? '';
  return spelled.get(text.trim()) ?? text.trim();
}

/** Licences by "group:name" of a module's bill, and the version that it names. */
function bill(module) {
  const path = `${module}/target/bom.json`;
  needed(path);
  return (read(path).components ?? [])
    .filter((component) => component.group !== 'city.madang')
    .map((component) => ({
      name: `${component.group}:${component.name}`,
      version: component.version,
      licences: [...new Set((component.licenses ?? []).map(named).filter(Boolean))].sort(),
    }));
}

function needed(path) {
  if (existsSync(new URL(path, root))) return;
  console.error(`${path} is missing: mvn -Psbom -DskipTests package`);
  process.exit(2);
}

/** Which component a file named `group.name-version[-classifier].jar` is; the longest name that fits. */
function component(file, billed) {
  const fitting = (name) => file.startsWith(`${name.replace(':', '.')}-`) && /^\d/.test(file.slice(name.length + 1));
  const candidates = [...billed, ...[...known].map(([name, licence]) => ({ name, version: '', licences: [licence] }))];
  const found = candidates.filter(({ name }) => fitting(name)).sort((one, other) => other.name.length - one.name.length)[0];
  if (found === undefined) return { name: file, version: '?', licences: [] };
  const rest = file.slice(found.name.length + 1, -'.jar'.length);
  return { ...found, version: found.version !== '' && `${rest}-`.startsWith(`${found.version}-`) ? found.version : rest };
}

function maven() {
  for (const service of services) {
    const folder = `${service}/target/quarkus-app/lib`;
    needed(folder);
    const billed = bill(service);
    for (const part of ['boot', 'main']) {
      for (const file of readdirSync(new URL(`${folder}/${part}`, root))) {
        if (file.startsWith('city.madang.')) continue;
        const { name, version, licences } = component(file, billed);
        note('maven', name, version, licences, service);
      }
    }
  }
  for (const module of ['verifier', 'client']) for (const { name, version, licences } of bill(module)) note('maven', name, version, licences, module);
}

function npm() {
  for (const [folder, shipped] of [['wallet', (entry) => !entry.dev && !entry.optional], ['contracts', (_, path) => path.endsWith('@openzeppelin/contracts')]]) {
    for (const [path, entry] of Object.entries(read(`${folder}/package-lock.json`).packages)) {
      if (path === '' || !shipped(entry, path)) continue;
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const text = entry.license ?? known.get(name) ?? '';
      note('npm', name, entry.version, text === '' ? [] : text.replace(/[()]/g, '').split(/ AND /), folder);
    }
  }
}

/** Of several licences of a Maven artifact its user chooses one; of an npm package's all count. */
function fits({ kind, licences }) {
  const good = (licence) => licence.split(/ OR /).some((choice) => fit.has(choice));
  return kind === 'maven' ? licences.some(good) : licences.length > 0 && licences.every(good);
}

function joined(kind) {
  return kind === 'maven' ? ' or ' : ' and ';
}

function table(kind) {
  const rows = [...components.values()]
    .filter((component) => component.kind === kind)
    .sort((one, other) => (one.name + one.version < other.name + other.version ? -1 : 1))
    .map((one) => `| ${one.name} | ${one.version} | ${one.licences.join(joined(kind))} | ${one.where.join(', ')} |`);
  return `| component | version | licence | in |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function sums() {
  const counts = new Map();
  for (const { kind, licences } of components.values()) {
    const key = licences.join(joined(kind));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1))
    .map(([licence, count]) => `| ${licence} | ${count} |`)
    .join('\n');
}

npm();
if (!process.argv.includes('--npm')) maven();
const refused = [...components.values()].filter((component) => !fits(component));
for (const { name, version, licences, where } of refused) {
  console.error(`${name} ${version} (${where.join(', ')}): ${licences.join(', ') || 'no licence'}`);
}
if (refused.length > 0) process.exit(1);

if (!process.argv.includes('--npm')) {
  const page = `# Licences

Madang is under the Apache License 2.0 ([LICENSE](../LICENSE)). These are the licences of all that is shipped with it: what lies beside the services, what the offline verifier and the Java client are made of (both with the
licences that the bills of materials of \`mvn -Psbom package\` give), what the wallet needs at run time, and what is compiled into the contracts. Tools of build and test are not shipped and not listed. Where several licences stand, *or* leaves the choice.

This page is written by \`node .ci/licences.mjs\`, which fails on a dependency without a licence or with one that does not go with ours: permissive ones and weak copyleft do.

| licence | components |
|---|---|
${sums()}

## Services and verifier

${table('maven')}
## Wallet and contracts

${table('npm')}
## Files

| file | licence |
|---|---|
| Nanum Gothic, in records-service | [OFL-1.1](../records-service/src/main/resources/fonts/OFL.txt) |
`;
  const path = new URL('docs/licences.md', root);
  if (process.argv.includes('--check')) {
    if (!existsSync(path) || readFileSync(path, 'utf8') !== page) {
      console.error('docs/licences.md is not what is shipped: node .ci/licences.mjs writes it anew');
      process.exit(1);
    }
  } else {
    writeFileSync(path, page);
  }
}
console.log(`${components.size} dependencies, each with a licence that goes with ours`);
