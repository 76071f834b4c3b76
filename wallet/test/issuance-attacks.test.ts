import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CompactEncrypt, importJWK, type JWK } from 'jose';
import { after, before, describe, test } from 'node:test';
import { generateKey } from '../src/keys/p256.js';
import { City } from './city.js';
import { Issuer, TX_CODE, type Changes, type IssuerFeatures } from './issuer.js';
import { NAMESPACE } from './mdoc.js';
import { certify } from './pki.js';

const problem = (slug: string) => ({ type: `urn:madang:problem:wallet-${slug}` });

describe('attacks on issuance', () => {
  let city: City;
  before(async () => void (city = await City.start()));
  after(() => city.stop());

  /** Takes one credential from an issuer that behaves as told. */
  async function take(id: string, changes: Changes, features: IssuerFeatures = {}) {
    const issuer = await Issuer.start(city, features);
    issuer.changes = changes;
    const { wallet } = await city.wallet();
    const { byValue } = await issuer.offer([id]);
    return { wallet, issuer, received: wallet.issuance.receive(byValue, { txCode: TX_CODE }) };
  }

  async function refused(
    id: string,
    changes: Changes,
    slug: string,
    name: string,
    features?: IssuerFeatures,
  ) {
    const { wallet, received } = await take(id, changes, features);
    await assert.rejects(received, problem(slug), name);
    assert.deepEqual(await wallet.issuance.credentials.all(), [], name);
  }

  test('an_sd_jwt_vc_that_is_not_what_was_asked_for_is_not_kept', async () => {
    const past = Math.floor(Date.now() / 1000) - 600;
    const cases: Record<string, Changes> = {
      'another type': { more: { vct: `${city.origin}/identity/vct/another` } },
      'another issuer': { more: { iss: 'https://attacker.example' } },
      'no key': { more: { cnf: undefined } },
      'a foreign key': { holder: await generateKey() },
      expired: { more: { exp: past } },
      'not yet valid': { more: { nbf: past + 1200 } },
      'a malformed status': { more: { status: { status_list: { uri: 7, idx: -1 } } } },
      'not text': { answer: () => ({ credentials: [{ credential: { a: 1 } }] }) },
      nonsense: { answer: () => ({ credentials: [{ credential: '~~~' }] }) },
      'too long': { answer: () => ({ credentials: [{ credential: `e30.e30.${'a'.repeat(1_100_000)}~` }] }) },
    };
    for (const [name, changes] of Object.entries(cases))
      await refused('residency', changes, 'bad-credential', name);
    const named = await take('residency', { more: { iss: `${city.origin}/identity` } });
    assert.equal((await named.received).length, 1, 'the issuer that was asked');
  });

  test('an_mdoc_that_is_not_what_was_asked_for_is_not_kept', async () => {
    const stranger = await certify({
      name: 'stranger',
      by: await certify({ name: 'root', authority: true }),
    });
    const items = (raw: Map<string, unknown>) =>
      (raw.get('nameSpaces') as Map<string, { buffer: Uint8Array }[]>).get(NAMESPACE)!;
    const cases: Record<string, [Changes, string]> = {
      'another type': [{ mdoc: { doctype: 'city.madang.another.1' } }, 'bad-credential'],
      'a foreign device key': [{ holder: await generateKey() }, 'bad-credential'],
      'a changed element': [
        { mdoc: { tamper: (raw) => void (items(raw)[0]!.buffer[items(raw)[0]!.buffer.length - 1]! ^= 1) } },
        'bad-credential',
      ],
      'an element twice': [
        { mdoc: { tamper: (raw) => void items(raw).push(items(raw)[0]!) } },
        'bad-credential',
      ],
      'a changed signature': [
        { mdoc: { tamper: (raw) => void ((raw.get('issuerAuth') as Uint8Array[])[3]![9]! ^= 1) } },
        'bad-credential',
      ],
      'signed by another': [{ mdoc: { issuer: stranger } }, 'bad-credential'],
      'a stranger': [{ mdoc: { issuer: stranger, x5c: [stranger.der] } }, 'untrusted'],
      'the anchor in its chain': [{ mdoc: { x5c: [...city.pki.x5c, city.pki.root.der] } }, 'untrusted'],
      'no chain': [
        { mdoc: { tamper: (raw) => void (raw.get('issuerAuth') as unknown[]).splice(1, 1, new Map()) } },
        'untrusted',
      ],
      expired: [{ mdoc: { validUntil: new Date(Date.now() - 600_000) } }, 'bad-credential'],
      nonsense: [{ answer: () => ({ credentials: [{ credential: 'gaFh' }] }) }, 'bad-credential'],
    };
    for (const [name, [changes, slug]] of Object.entries(cases)) await refused('permit', changes, slug, name);
  });

  test('a_batch_that_could_tell_its_holder_apart_is_not_kept', async () => {
    const twice: Changes = {
      answer: ({ credentials }) => ({ credentials: [0, 0].map((at) => (credentials as object[])[at]) }),
    };
    await refused('residency', twice, 'bad-credential', 'a key twice', { batch: 2 });
    await refused('permit', twice, 'bad-credential', 'a key twice', { batch: 2 });
    const more: Changes = { answer: ({ credentials }) => ({ credentials: [...(credentials as []), 'x'] }) };
    await refused('residency', more, 'bad-credential', 'more than asked for', { batch: 2 });
    let count = 0;
    const marked = {
      get more() {
        return { mark: ++count };
      },
    } as Changes;
    await refused('residency', marked, 'bad-credential', 'copies that differ', { batch: 2 });
  });

  test('the_metadata_of_a_type_must_be_what_the_credential_says', async () => {
    const vct = `${city.origin}/identity/vct/residency`;
    const document = JSON.stringify({ vct, display: [{ name: '거주 증명서', locale: 'ko' }] });
    const integrity = `sha256-${createHash('sha256').update(document).digest('base64')}`;
    const serve = (text: string, status = 200) =>
      city.on('GET', '/identity/vct/residency', () => ({
        status,
        headers: { 'content-type': 'application/json' },
        text,
      }));
    const changes: Changes = { more: { 'vct#integrity': integrity } };
    serve(document);
    const [credential] = await (await take('residency', changes)).received;
    assert.deepEqual(credential!.type_display, [{ name: '거주 증명서', locale: 'ko' }]);
    serve(document.replace('거주', '납세'));
    await refused('residency', changes, 'bad-credential', 'changed');
    serve('', 404);
    await refused('residency', changes, 'bad-credential', 'gone');
    await refused('residency', { more: { 'vct#integrity': 'md5-abc' } }, 'bad-credential', 'no hash');
    assert.equal((await (await take('residency', {})).received).length, 1, 'not needed without integrity');
    const loop = JSON.stringify({ vct, extends: vct });
    serve(loop);
    const hash = `sha384-${createHash('sha384').update(loop).digest('base64')}`;
    await refused('residency', { more: { 'vct#integrity': hash } }, 'bad-credential', 'extends itself');
    const elsewhere = JSON.stringify({
      vct,
      extends: 'https://elsewhere.example/type',
      'extends#integrity': integrity,
    });
    serve(elsewhere);
    const outside = `sha256-${createHash('sha256').update(elsewhere).digest('base64')}`;
    await refused(
      'residency',
      { more: { 'vct#integrity': outside } },
      'foreign-address',
      'extends a type elsewhere',
    );
    serve('', 404);
  });

  test('what_unfolds_to_too_much_is_given_up_on', async () => {
    const { wallet } = await city.wallet();
    const issuer = await Issuer.start(city);
    const { byValue } = await issuer.offer();
    const metadata = city['handlers'].get('GET /.well-known/openid-credential-issuer/identity')!;
    const bomb = gzipSync(Buffer.alloc(128 * 1024 * 1024, ' '));
    city.on('GET', '/.well-known/openid-credential-issuer/identity', () => ({
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      text: bomb,
    }));
    const before = process.memoryUsage().rss;
    await assert.rejects(wallet.issuance.receive(byValue, { txCode: TX_CODE }), problem('answer-too-long'));
    assert.ok(process.memoryUsage().rss - before < 96 * 1024 * 1024);
    city.on('GET', '/.well-known/openid-credential-issuer/identity', metadata);

    const encrypting = await Issuer.start(city, { encryption: true });
    const original = city['handlers'].get('POST /identity/credential')!;
    city.on('POST', '/identity/credential', async (asked) => {
      await original(asked);
      const { jwk } = encrypting.requests.at(-1)!['credential_response_encryption'] as { jwk: JWK };
      const header = { alg: 'ECDH-ES', enc: 'A128GCM', zip: 'DEF', kid: jwk.kid! };
      const jwe = await new CompactEncrypt(Buffer.alloc(100_000, ' '))
        .setProtectedHeader(header)
        .encrypt(await importJWK(jwk, 'ECDH-ES'));
      return { headers: { 'content-type': 'application/jwt' }, text: jwe };
    });
    const offer = (await encrypting.offer()).byValue;
    await assert.rejects(wallet.issuance.receive(offer, { txCode: TX_CODE }), problem('issuance-failed'));
  });

  test('an_answer_in_the_clear_where_encryption_was_agreed_is_refused', async () => {
    const issuer = await Issuer.start(city, { encryption: true });
    const { wallet } = await city.wallet();
    city.on('POST', '/identity/credential', () => ({ json: { credentials: [{ credential: 'x' }] } }));
    const { byValue } = await issuer.offer();
    await assert.rejects(wallet.issuance.receive(byValue, { txCode: TX_CODE }), problem('issuance-failed'));
  });

  test('an_issuer_cannot_send_the_wallet_elsewhere', async () => {
    const elsewhere = 'https://elsewhere.example';
    for (const member of ['credential_endpoint', 'nonce_endpoint', 'deferred_credential_endpoint']) {
      const issuer = await Issuer.start(city, member.startsWith('deferred') ? { deferrals: 0 } : {});
      (issuer.metadata.credentialIssuer as Record<string, unknown>)[member] = `${elsewhere}/x`;
      const { wallet } = await city.wallet();
      const { byValue } = await issuer.offer();
      const received = wallet.issuance.receive(byValue, { txCode: TX_CODE, waitMs: 5_000 });
      await assert.rejects(received, problem('foreign-address'), member);
    }
    const issuer = await Issuer.start(city, { metadata: { token_endpoint: `${elsewhere}/token` } });
    const { wallet } = await city.wallet();
    const { byValue } = await issuer.offer();
    await assert.rejects(wallet.issuance.receive(byValue, { txCode: TX_CODE }), problem('foreign-address'));
  });

  test('an_offer_that_names_a_server_that_the_issuer_does_not_is_refused', async () => {
    const issuer = await Issuer.start(city);
    const { wallet } = await city.wallet();
    const offer = {
      credential_issuer: `${city.origin}/identity`,
      credential_configuration_ids: ['residency'],
      grants: {
        'urn:ietf:params:oauth:grant-type:pre-authorized_code': {
          'pre-authorized_code': 'code-1',
          authorization_server: `${city.origin}/another`,
        },
      },
    };
    const uri = `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`;
    await assert.rejects(wallet.issuance.receive(uri), problem('offer-not-understood'));
    assert.equal(issuer.holders.length, 0);
  });
});
