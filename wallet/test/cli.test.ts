import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { City, type Answer } from './city.js';
import { runCommand, type Ran } from './command-line.js';
import { Issuer, RESIDENCY, TX_CODE } from './issuer.js';
import { Verifier } from './verifier.js';

const SUB = randomUUID();

describe('command line', () => {
  let city: City;
  let home: string;
  let ca: string;
  let expiresIn = 300;
  before(async () => {
    city = await City.start();
    home = await mkdtemp(join(tmpdir(), 'madang-cli-'));
    ca = join(home, 'ca.pem');
    await writeFile(ca, city.ca);
    await realm();
  });
  after(async () => {
    await city.stop();
    await rm(home, { recursive: true, force: true });
  });

  function run(args: string[], input = '', environment: Record<string, string> = {}): Promise<Ran> {
    const common = ['--home', join(home, 'wallet'), '--origin', city.origin, '--ca', ca];
    return runCommand([...common, '--retry-seconds', '3', '--json', ...args], input, environment);
  }

  /** A realm with a login page as Keycloak writes it, which checks PKCE, cookies and the person's password. */
  async function realm(): Promise<void> {
    const issuer = `${city.origin}/auth/realms/madang`;
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'realm', alg: 'ES256', use: 'sig' };
    const pending = new Map<string, URLSearchParams>();
    const codes = new Map<string, URLSearchParams>();
    const refresh = new Set<string>();
    const at = '/auth/realms/madang';
    city.on('GET', `/.well-known/oauth-authorization-server${at}`, () => ({ status: 404, json: {} }));
    city.on('GET', `${at}/.well-known/openid-configuration`, () => ({
      json: {
        issuer,
        authorization_endpoint: `${issuer}/protocol/openid-connect/auth`,
        token_endpoint: `${issuer}/protocol/openid-connect/token`,
        jwks_uri: `${issuer}/protocol/openid-connect/certs`,
        end_session_endpoint: `${issuer}/protocol/openid-connect/logout`,
        code_challenge_methods_supported: ['plain', 'S256'],
        authorization_response_iss_parameter_supported: true,
      },
    }));
    city.on('GET', `${at}/protocol/openid-connect/certs`, () => ({ json: { keys: [jwk] } }));
    city.on('GET', `${at}/protocol/openid-connect/auth`, ({ url }): Answer => {
      const session = randomUUID();
      pending.set(session, url.searchParams);
      const action = `${issuer}/login-actions/authenticate?session_code=x&amp;client_id=madang-wallet`;
      return {
        headers: {
          'set-cookie': [`AUTH_SESSION_ID=${session}; Path=/auth; Secure; HttpOnly`, 'GONE=; Max-Age=0'],
        },
        text: `<html><form id="kc-form-login" onsubmit="return true;" action="${action}" method="post">
          <input id="username" name="username" type="text"/><input id="password" name="password" type="password"/>
          <input type="hidden" id="id-hidden-input" name="credentialId" /></form></html>`,
      };
    });
    city.on('POST', `${at}/login-actions/authenticate`, ({ url, headers, body }): Answer => {
      const session = /AUTH_SESSION_ID=([^;]+)/.exec(String(headers['cookie']))?.[1] ?? '';
      const request = pending.get(session);
      const form = new URLSearchParams(body);
      if (!request || url.searchParams.get('client_id') !== 'madang-wallet')
        return { status: 400, text: 'no session' };
      if (form.get('username') !== 'minji' || form.get('password') !== 'kimchi & 밥') {
        return {
          text: '<form action="/again" method="post"><span class="pf-m-error"><input name="password"><i></i></span><div id="input-error-username"><span class="pf-m-error kc-feedback-text">\n Invalid username or password.\n</span></div></form>',
        };
      }
      const code = randomUUID();
      codes.set(code, request);
      const back = new URLSearchParams({ state: request.get('state')!, code, iss: issuer });
      return { status: 302, headers: { location: `${request.get('redirect_uri')}?${back}` } };
    });
    city.on('POST', `${at}/protocol/openid-connect/token`, async ({ body }): Promise<Answer> => {
      const form = new URLSearchParams(body);
      if (form.get('client_id') !== 'madang-wallet')
        return { status: 401, json: { error: 'invalid_client' } };
      let nonce: string | null = null;
      if (form.get('grant_type') === 'refresh_token') {
        if (!refresh.delete(form.get('refresh_token')!))
          return { status: 400, json: { error: 'invalid_grant' } };
      } else {
        const request = codes.get(form.get('code')!);
        const challenge = createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url');
        if (
          !request ||
          request.get('code_challenge') !== challenge ||
          request.get('code_challenge_method') !== 'S256'
        ) {
          return { status: 400, json: { error: 'invalid_grant' } };
        }
        if (request.get('redirect_uri') !== form.get('redirect_uri'))
          return { status: 400, json: { error: 'invalid_grant' } };
        codes.delete(form.get('code')!);
        nonce = request.get('nonce');
      }
      const token = (audience: string, more: object) =>
        new SignJWT({ preferred_username: 'minji', realm_access: { roles: ['citizen'] }, ...more })
          .setProtectedHeader({ alg: 'ES256', kid: 'realm' })
          .setIssuer(issuer)
          .setSubject(SUB)
          .setAudience(audience)
          .setIssuedAt()
          .setExpirationTime('5m')
          .sign(privateKey);
      const refresh_token = randomUUID();
      refresh.add(refresh_token);
      const access_token = await token('madang-api', { jti: randomUUID() });
      return {
        json: {
          access_token,
          id_token: await token('madang-wallet', nonce ? { nonce } : {}),
          refresh_token,
          token_type: 'Bearer',
          expires_in: expiresIn,
        },
      };
    });
  }

  test('a_person_signs_in_with_a_password_and_the_tokens_are_private', async () => {
    const wrong = await run(['login', '--username', 'minji'], '', { MADANG_PASSWORD: 'wrong' });
    assert.equal(wrong.status, 1);
    assert.equal(wrong.json.error.type, 'urn:madang:problem:wallet-sign-in-failed');
    assert.match(wrong.json.error.detail, /Invalid username or password/);
    assert.equal(wrong.out, wrong.err, 'standard error says the same');
    const signedIn = await run(['login', '--username', 'minji', '--password-stdin'], 'kimchi & 밥\n');
    assert.deepEqual(signedIn.json, { sub: SUB, username: 'minji', roles: ['citizen'], signed_in: true });
    assert.equal(signedIn.err, '');
    assert.equal((await stat(join(home, 'wallet', 'session.json'))).mode & 0o777, 0o600);
    assert.equal((await run(['whoami'])).json.sub, SUB);
  });

  test('an_old_token_is_renewed_once_for_all_who_need_it', async () => {
    expiresIn = 1;
    await run(['login', '--username', 'minji'], '', { MADANG_PASSWORD: 'kimchi & 밥' });
    expiresIn = 300;
    const path = '/auth/realms/madang/protocol/openid-connect/token';
    const before = city.count('POST', path);
    const all = await Promise.all([run(['whoami']), run(['whoami']), run(['whoami'])]);
    assert.deepEqual(
      all.map((each) => each.status),
      [0, 0, 0],
    );
    assert.equal(city.count('POST', path) - before, 1);
  });

  test('an_own_offer_is_received_with_its_code_and_presented_with_consent', async () => {
    const { byReference } = await (await Issuer.start(city)).offer();
    const uri = new URLSearchParams(byReference.split('?')[1]).get('credential_offer_uri');
    const offer = {
      id: 'o-1',
      state: 'offered',
      credential_configuration_id: 'residency',
      credential_offer_uri: uri,
      tx_code: TX_CODE,
      expires_at: '2099-01-01T00:00:00Z',
    };
    city.on('GET', '/identity/credential-offers', () => ({ json: { items: [offer] } }));
    city.on('GET', '/identity/credential-offers/o-1', () => ({ json: offer }));
    assert.equal((await run(['offers'])).json.items[0].id, 'o-1');
    const received = await run(['receive', '/identity/credential-offers/o-1']);
    assert.deepEqual(received.json.credentials[0].claims, RESIDENCY);
    const { items } = (await run(['credentials'])).json;
    assert.equal(items.length, 1);
    assert.ok((await run(['show', items[0].id])).json.credential.includes('~'));

    const verifier = new Verifier(city);
    const request = await verifier.request();
    city.on('GET', '/identity/presentations/p-1', () => ({
      json: { id: 'p-1', state: 'requested', authorization_request: request },
    }));
    const asked = await run(['present', 'p-1']);
    assert.equal(asked.status, 3);
    assert.equal(asked.json.error.type, 'urn:madang:problem:wallet-consent-needed');
    assert.equal(asked.json.error.request.verifier, 'City Hall');
    assert.deepEqual(Object.keys(asked.json.error.request.disclosures[0].disclosed).sort(), [
      'district',
      'street_address',
    ]);
    assert.equal(verifier.answers.length, 0);
    const presented = await run(['present', '/identity/presentations/p-1', '--yes']);
    assert.equal(presented.json.presented, true);
    assert.equal(verifier.answers.length, 1);
  });

  test('an_application_is_made_once_although_its_answer_is_lost', async () => {
    const applications: {
      id: string;
      service: string;
      state: string;
      steps: { name: string; state: string }[];
    }[] = [];
    city.on('GET', '/records/applications', () => ({ json: { items: applications } }));
    city.on('POST', '/records/applications', ({ body }): Answer => {
      applications.push({
        id: 'a-1',
        service: JSON.parse(body).service,
        state: 'submitted',
        steps: [{ name: 'payment', state: 'waiting' }],
      });
      city.on('GET', '/records/applications/a-1', () => ({ json: applications[0] }));
      return 'drop';
    });
    const applied = await run(['apply', 'parking-permit', '--form', '-'], '{"plate": "12가3456"}');
    assert.equal(applied.json.id, 'a-1');
    assert.equal(applications.length, 1);
    const early = await run(['status', 'a-1', '--wait', 'payment:open', '--timeout', '0.2']);
    assert.equal(early.json.error.type, 'urn:madang:problem:wallet-timeout');
    setTimeout(() => (applications[0]!.steps[0]!.state = 'open'), 400);
    assert.equal((await run(['status', 'a-1', '--wait', 'payment:open'])).json.steps[0].state, 'open');
    setTimeout(() => (applications[0]!.state = 'completed'), 400);
    assert.equal((await run(['status', 'a-1', '--wait', 'sealed'])).json.state, 'completed');
  });

  test('the_person_reads_how_far_it_is_in_their_language_and_answers_appeals_or_withdraws', async () => {
    const title = { ko: '영업 신고', en: 'Trade licence' };
    const asked = { ko: '담당자가 질문했습니다', en: 'The officer asked' };
    const at = '2026-11-26T01:00:00Z';
    city.on('GET', '/records/applications/a-2/progress', () => ({
      json: {
        ...{ id: 'a-2', service: 'trade-licence', title, state: 'asked', says: asked, fee: 'paid' },
        next: [{ who: 'applicant', does: 'answer', says: { ko: '답해 주세요', en: 'Answer' }, until: at }],
        timeline: [{ what: 'asked', by: 'officer', says: asked, at, text: '면적은?' }],
      },
    }));
    assert.equal((await run(['progress', 'a-2'])).json.state, 'asked');
    const sent: Record<string, unknown> = {};
    for (const what of ['answer', 'withdrawal', 'appeal']) {
      city.on('POST', `/records/applications/a-2/${what}`, ({ body }) => {
        sent[what] = JSON.parse(body);
        return { json: { id: 'a-2', service: 'trade-licence', state: 'withdrawn', steps: [] } };
      });
    }
    await run(['answer', 'a-2', '--text', '42']);
    await run(['appeal', 'a-2', '--text', 'look again']);
    assert.equal((await run(['withdraw', 'a-2'])).json.state, 'withdrawn');
    assert.deepEqual(sent, { answer: { answer: '42' }, appeal: { reason: 'look again' }, withdrawal: {} });
    city.on('GET', '/records/applications/a-2', () => ({
      json: {
        ...{ id: 'a-2', service: 'trade-licence', state: 'withdrawn' },
        steps: [{ name: 'refund', state: 'done' }],
      },
    }));
    assert.equal((await run(['status', 'a-2', '--wait', 'refund:done'])).json.state, 'withdrawn');
    const ended = await run(['status', 'a-2', '--wait', 'sealed']);
    assert.equal(ended.json.error.type, 'urn:madang:problem:wallet-application-withdrawn');
  });

  test('a_record_is_saved_with_its_proof', async () => {
    city.on('GET', '/records/documents/r-1', () => ({ json: { id: 'r-1' } }));
    city.on('GET', '/records/documents/r-1/pdf', () => ({ text: '%PDF-1.7' }));
    city.on('GET', '/records/documents/r-1/proof', () => ({ text: 'c2sp.org/tlog-proof@v1\n' }));
    city.on('GET', '/records/documents/r-1/opening', () => ({ json: { entry: '{}', document_salt: '00' } }));
    const saved = await run(['documents', 'get', 'r-1', '--out', join(home, 'out')]);
    assert.equal(await readFile(saved.json.pdf, 'utf8'), '%PDF-1.7');
    assert.match(await readFile(saved.json.proof, 'utf8'), /^c2sp.org\/tlog-proof/);
  });

  test('a_service_that_restarts_does_not_fail_the_person', async () => {
    let calls = 0;
    city.on('GET', '/payment/bills', () =>
      ++calls < 4 ? { status: calls === 1 ? 502 : 503 } : { json: { items: [] } },
    );
    assert.deepEqual((await run(['bills'])).json, { items: [] });
    assert.equal(calls, 4);
  });

  test('a_problem_keeps_the_type_of_the_service', async () => {
    const problem = {
      type: 'urn:madang:problem:forbidden',
      title: 'Not allowed',
      detail: 'no',
      status: 403,
      trace: 'x',
    };
    city.on('GET', '/payment/bills', () => ({
      status: 403,
      headers: { 'content-type': 'application/problem+json' },
      text: JSON.stringify(problem),
    }));
    const ran = await run(['bills']);
    assert.equal(ran.status, 1);
    assert.deepEqual(ran.json, { error: problem });
    assert.equal((await run(['nonsense'])).status, 2);
    assert.equal((await run(['pay'])).status, 2);
  });

  test('a_city_whose_certificate_is_not_under_the_authority_is_not_talked_to', async () => {
    const other = await City.start();
    try {
      const elsewhere = join(home, 'other.pem');
      await writeFile(elsewhere, other.ca);
      const before = city.asked.length;
      const ran = await run(['services', '--ca', elsewhere]);
      assert.equal(ran.json.error.type, 'urn:madang:problem:wallet-unreachable');
      assert.equal(city.asked.length, before);
    } finally {
      await other.stop();
    }
  });

  test('signing_out_forgets_the_session', async () => {
    assert.equal((await run(['logout'])).json.signed_in, false);
    const ran = await run(['whoami']);
    assert.equal(ran.json.error.type, 'urn:madang:problem:wallet-signed-out');
    assert.equal(ran.json.error.status, 401);
  });
});
