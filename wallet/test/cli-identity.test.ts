import { decodeProtectedHeader } from 'jose';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { signInByForm } from '../src/cli/login-form.js';
import { ONE_TIME_CODE, PASSWORD } from './authorization-server.js';
import { City } from './city.js';
import { CLI, runCommand, type Ran } from './command-line.js';
import { Issuer, TX_CODE, type IssuerFeatures } from './issuer.js';
import { DOCTYPE, NAMESPACE } from './mdoc.js';
import { keyPem } from './pki.js';
import { Verifier } from './verifier.js';

describe('command line of credentials', () => {
  let city: City;
  let folder: string;
  let home: string;
  let ca: string;
  let count = 0;
  before(async () => {
    city = await City.start();
    folder = await mkdtemp(join(tmpdir(), 'madang-cli-'));
    ca = join(folder, 'ca.pem');
    await writeFile(ca, city.ca);
    await writeFile(join(folder, 'wallet-provider.key'), await keyPem(city.pki.walletProvider));
    await writeFile(join(folder, 'wallet-provider.pem'), city.pki.walletProvider.certificate.toString('pem'));
  });
  after(async () => {
    await city.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function raw(args: string[], environment: Record<string, string> = {}): Promise<Ran> {
    const common = ['--home', home, '--origin', city.origin, '--ca', ca, '--retry-seconds', '3'];
    return runCommand([...common, ...args], '', environment);
  }

  const run = (args: string[], environment?: Record<string, string>) => raw(['--json', ...args], environment);

  /** A fresh wallet, and an issuer. */
  async function start(features: IssuerFeatures = {}): Promise<Issuer> {
    home = join(folder, `wallet-${++count}`);
    return Issuer.start(city, features);
  }

  const password = { MADANG_PASSWORD: PASSWORD };

  test('a_sign_in_at_the_issuer_is_played_for_a_name_and_a_password', async () => {
    const issuer = await start({ dpop: true, attestation: 'endpoint' });
    const offer = (await issuer.offer(['residency', 'permit'], 'sign-in')).byReference;
    const attested = ['--wallet-provider', folder, '--username', 'minji'];
    const received = await run(['receive', offer, ...attested], password);
    assert.equal(received.status, 0, received.err);
    assert.equal(received.err, '', 'nothing but the result');
    const [residency, permit] = received.json.credentials;
    assert.deepEqual([residency.format, permit.format], ['dc+sd-jwt', 'mso_mdoc']);
    assert.deepEqual([residency.copies, residency.copies_left], [1, 1]);
    assert.equal(permit.doctype, DOCTYPE);
    assert.equal(permit.claims[NAMESPACE].level, 3);
    const wrong = await run(['request', 'residency', ...attested], { MADANG_PASSWORD: 'wrong' });
    assert.equal(wrong.status, 1);
    assert.equal(wrong.json.error.type, 'urn:madang:problem:wallet-sign-in-failed');
    assert.deepEqual(JSON.parse(wrong.err), wrong.json, 'standard error is the problem alone');
    const asked = await run(['request', 'permit', ...attested, '--authorization-details'], password);
    assert.equal(asked.json.credentials.length, 1, asked.err);
    const unattested = await run(['request', 'permit', '--username', 'minji'], password);
    assert.equal(unattested.json.error.type, 'urn:madang:problem:wallet-attestation-needed');
    assert.match(unattested.json.error.detail, /--wallet-provider/);
  });

  test('a_one_time_code_is_given_where_it_is_asked_for', async () => {
    const issuer = await start({ oneTimeCode: true, consent: true });
    const offer = (await issuer.offer(['permit'], 'sign-in')).byValue;
    const args = ['receive', offer, '--username', 'minji'];
    const without = await run(args, password);
    assert.equal(without.json.error.title, 'A one-time code is asked for', without.out);
    const wrong = await run(args, { ...password, MADANG_ONE_TIME_CODE: '000000' });
    assert.equal(wrong.json.error.type, 'urn:madang:problem:wallet-sign-in-failed');
    const right = await run(args, { ...password, MADANG_ONE_TIME_CODE: ONE_TIME_CODE });
    assert.equal(right.json.credentials.length, 1, right.out);
  });

  test('keys_are_given_as_is_wished_where_the_issuer_takes_that', async () => {
    for (const [binding, header] of [
      ['jwk', /^\{"kty":"EC"/],
      ['did:jwk', /^"did:jwk:/],
      ['did:key', /^"did:key:/],
    ] as const) {
      const issuer = await start({ bindings: ['jwk', 'did:jwk', 'did:key'] });
      const offer = (await issuer.offer(['residency'])).byValue;
      const received = await run(['receive', offer, '--tx-code', TX_CODE, '--binding', binding]);
      assert.equal(received.status, 0, received.out);
      const { proofs } = issuer.requests.at(-1) as { proofs: { jwt: string[] } };
      const { jwk, kid } = decodeProtectedHeader(proofs.jwt[0]!);
      assert.match(JSON.stringify(jwk ?? kid), header);
    }
    assert.equal((await run(['receive', 'x', '--binding', 'x509'])).status, 2);
  });

  test('a_program_gives_many_commands_to_one_process', async () => {
    const issuer = await start();
    const common = ['--home', home, '--origin', city.origin, '--ca', ca, '--retry-seconds', '3'];
    const { byValue } = await issuer.offer(['residency']);
    const lines = [
      { arguments: [...common, 'receive', byValue] },
      { arguments: [...common, 'receive', byValue, '--tx-code', TX_CODE] },
      {
        arguments: ['credentials'],
        environment: { MADANG_HOME: home, MADANG_ORIGIN: city.origin, MADANG_CA: ca },
      },
      { arguments: ['nonsense'] },
    ].map((line) => JSON.stringify(line));
    const { out, err, status } = await runCommand(['batch'], [...lines, 'no JSON', ''].join('\n'));
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual([status, err], [0, '']);
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [1, 0, 0, 2, 1],
    );
    assert.equal(answers[0].error.type, 'urn:madang:problem:wallet-tx-code-needed');
    assert.equal(answers[2].result.items[0].id, answers[1].result.credentials[0].id);
  });

  test('a_person_without_a_name_is_sent_to_a_browser_and_comes_back_to_this_machine', async () => {
    const issuer = await start();
    const offer = (await issuer.offer(['residency'], 'sign-in')).byValue;
    const args = [CLI, '--home', home, '--origin', city.origin, '--ca', ca, '--lang', 'ko', 'receive', offer];
    const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'] ?? '' } });
    let told = '';
    const { wallet } = await city.wallet();
    let sent = false;
    child.stderr.on('data', (part: Buffer) => {
      told += part.toString();
      const url = /https:\S+/.exec(told)?.[0];
      const request = issuer.server.requests.at(-1);
      if (!url || !request || sent) return;
      sent = true;
      const redirectUri = request.get('redirect_uri')!;
      void signInByForm(wallet.fetch, city.origin, url, redirectUri, {
        username: 'minji',
        password: PASSWORD,
      }).then(fetch);
    });
    const status = await new Promise((resolve) => child.on('close', resolve));
    assert.equal(status, 0, told);
    assert.match(told, /브라우저에서 다음 주소를 열어 로그인하세요/);
    assert.match(told, /증명서를 받는 중/);
  });

  test('deferred_credentials_are_collected_and_renewed_and_forgotten', async () => {
    const issuer = await start({ deferrals: 1, refresh: true, dpop: true, batch: 3 });
    const { byValue } = await issuer.offer();
    const early = await run(['receive', byValue, '--tx-code', TX_CODE, '--timeout', '0']);
    assert.equal(early.json.error.type, 'urn:madang:problem:wallet-issuance-deferred');
    assert.match(early.json.error.detail, /madang-wallet deferred/);
    const waiting = await run(['deferred', '--timeout', '0']);
    assert.equal(waiting.json.deferred[0].configuration, 'residency');
    const collected = await run(['deferred', '--timeout', '10']);
    assert.deepEqual(collected.json.deferred, []);
    const [{ id, copies, name }] = collected.json.credentials;
    assert.deepEqual([copies, name], [3, 'Residency']);
    assert.equal((await run(['credentials', '--lang', 'ko'])).json.items[0].name, '거주 증명');
    const renewed = await run(['renew', id, '--copies', '2', '--timeout', '10']);
    assert.deepEqual([renewed.json.credentials[0].id, renewed.json.credentials[0].copies], [id, 2]);
    assert.equal((await run(['forget', id])).json.forgotten, id);
    assert.equal((await run(['show', id])).json.error.type, 'urn:madang:problem:wallet-no-such-credential');
    assert.deepEqual((await run(['credentials'])).json.items, []);
  });

  test('the_status_of_what_is_held_is_shown', async () => {
    const issuer = await start({ statuses: [0, 2] });
    const { byValue } = await issuer.offer(['residency', 'permit']);
    await run(['receive', byValue, '--tx-code', TX_CODE]);
    const { items } = (await run(['credentials', '--status'])).json;
    const byType = Object.fromEntries(
      items.map((each: { format: string; status: string }) => [each.format, each.status]),
    );
    assert.deepEqual(byType, { 'dc+sd-jwt': 'valid', mso_mdoc: 'suspended' });
    const permit = items.find((each: { format: string }) => each.format === 'mso_mdoc');
    assert.equal((await run(['check', permit.id])).json.status, 'suspended');
    assert.equal((await run(['check'])).json.items.length, 2);
  });

  test('the_person_sees_what_is_asked_and_can_say_no_or_choose', async () => {
    const issuer = await start();
    await run(['receive', (await issuer.offer(['residency', 'permit'])).byValue, '--tx-code', TX_CODE]);
    const verifier = new Verifier(city);
    const data = Buffer.from(
      JSON.stringify({ type: 'madang_payment', credential_ids: ['residency'], amount: '9000' }),
    );
    const uri = await verifier.request({ payload: { transaction_data: [data.toString('base64url')] } });
    const asked = await run(['present', uri]);
    assert.equal(asked.status, 3);
    const { request } = asked.json.error;
    assert.deepEqual(request.transaction_data, [{ type: 'madang_payment', amount: '9000' }]);
    assert.deepEqual([request.certified, request.encrypted], [true, true]);
    assert.equal(verifier.answers.length, 0);
    const declined = await run(['present', uri, '--decline']);
    assert.equal(declined.json.presented, false);
    assert.match(verifier.answers[0]!, /error=access_denied/);
    const { items } = (await run(['credentials'])).json;
    const { id } = items.find((each: { vct?: string }) => each.vct);
    const wrong = await run(['present', uri, '--yes', '--credential', 'residency=nothing']);
    assert.equal(wrong.json.error.type, 'urn:madang:problem:wallet-no-matching-credential');
    const presented = await run(['present', uri, '--yes', '--credential', `residency=${id}`]);
    assert.equal(presented.json.redirect_uri, `${city.origin}/done`, presented.err);
    const [shown] = (await run(['shown'])).json.items;
    assert.deepEqual(shown.shown[0].claims.sort(), ['district', 'street_address']);
    for (const name of await readdir(join(home, 'shown')))
      assert.ok(!(await readFile(join(home, 'shown', name), 'utf8')).includes('중구'));
  });

  test('what_an_issuer_issues_is_listed', async () => {
    await start();
    const { items } = (await run(['types'])).json;
    assert.deepEqual(
      items.map(({ id, format, scope }: Record<string, string>) => [id, format, scope]),
      [
        ['residency', 'dc+sd-jwt', 'residency'],
        ['permit', 'mso_mdoc', 'permit'],
      ],
    );
    const foreign = await run(['types', '--issuer', 'https://issuer.example']);
    assert.equal(foreign.json.error.type, 'urn:madang:problem:wallet-foreign-address');
    assert.match(foreign.json.error.detail, /--allow-origin/);
  });

  test('problems_are_told_in_the_language_of_the_person', async () => {
    const issuer = await start();
    const offer = (await issuer.offer()).byValue;
    const korean = await raw(['receive', offer], { LANG: 'ko_KR.UTF-8' });
    assert.equal(korean.status, 1);
    assert.match(korean.err, /거래 코드가 필요합니다/);
    assert.match(korean.err, /wallet-tx-code-needed/);
    assert.match(
      (await raw(['receive', offer, '--lang', 'en'], { LANG: 'ko_KR.UTF-8' })).err,
      /transaction code/,
    );
    for (const args of [
      ['receive', offer, '--copies', '0'],
      ['receive', offer, '--proof', 'x'],
      ['present', 'x', '--credential', 'y'],
      ['renew'],
    ])
      assert.equal((await run(args)).status, 2, args.join(' '));
    assert.match((await runCommand(['--help'])).out, /renew <id>/);
  });
});
