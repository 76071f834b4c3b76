import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { hashFor } from '../src/issuance/sd-jwt-vc.js';
import { verifyText, type PublicKey } from '../src/keys/p256.js';
import type { Wallet } from '../src/wallet.js';
import { City } from './city.js';
import { Issuer, RESIDENCY, TX_CODE } from './issuer.js';
import { certify } from './pki.js';
import { clientIdOf, Verifier, type Changes } from './verifier.js';

const problem = (slug: string) => ({ type: `urn:madang:problem:wallet-${slug}` });

describe('presentation', () => {
  let city: City;
  let wallet: Wallet;
  before(async () => {
    city = await City.start();
    ({ wallet } = await city.wallet());
    await wallet.issuance.receive((await (await Issuer.start(city)).offer()).byValue, { txCode: TX_CODE });
  });
  after(() => city.stop());

  test('only_the_claims_asked_for_are_disclosed_and_bound_to_this_verifier_and_nonce', async () => {
    const verifier = new Verifier(city);
    const prepared = await wallet.presentations.prepare(await verifier.request());
    assert.equal(prepared.request.verifierName, 'City Hall');
    const { street_address, district, ...rest } = RESIDENCY;
    assert.deepEqual(prepared.disclosures[0]!.disclosed, { street_address, district });
    assert.equal(verifier.answers.length, 0, 'nothing is sent before it is agreed to');

    const outcome = await wallet.presentations.submit(prepared);
    assert.equal(outcome.redirect_uri, `${city.origin}/done`);
    const { header, payload } = await verifier.opened();
    assert.equal(header['alg'], 'ECDH-ES');
    assert.equal(header['enc'], 'A256GCM');
    assert.equal(header['kid'], 'enc-1');
    assert.equal(payload.state, verifier.state);
    assert.deepEqual(Object.keys(payload.vp_token), ['residency']);
    const [presentation] = payload.vp_token['residency']!;
    for (const [name, value] of Object.entries(rest)) {
      const disclosures = presentation!
        .split('~')
        .slice(1, -1)
        .map((each) => Buffer.from(each, 'base64url').toString());
      assert.ok(
        !disclosures.some((each) => each.includes(name) || each.includes(value)),
        `${name} is not disclosed`,
      );
      assert.equal(disclosures.length, 2);
    }

    const instance = new SDJwtVcInstance({
      hasher: hashFor,
      verifier: (text, signature) => verifyText(city.pki.agency.key, text, signature),
      kbVerifier: (text, signature, claims) =>
        verifyText(claims.cnf!.jwk as unknown as PublicKey, text, signature),
    });
    const verified = await instance.verify(presentation!, { keyBindingNonce: verifier.nonce });
    assert.equal(verified.kb!.payload.aud, verifier.clientId);
    assert.equal((verified.payload as Record<string, unknown>)['family_name'], undefined);
  });

  test('a_request_fetched_by_post_carries_the_wallets_nonce_back', async () => {
    const verifier = new Verifier(city);
    const prepared = await wallet.presentations.prepare(await verifier.request({ method: 'post' }));
    assert.equal(prepared.disclosures.length, 1);
    const asked = city.asked.findLast(
      (each) => each.method === 'POST' && each.url.pathname === '/identity/request/1',
    )!;
    assert.ok(
      JSON.parse(new URLSearchParams(asked.body).get('wallet_metadata')!).vp_formats_supported['dc+sd-jwt'],
    );
    const replayed = await verifier.request({ method: 'post', payload: { wallet_nonce: 'another' } });
    await assert.rejects(wallet.presentations.prepare(replayed), problem('bad-request-object'));
  });

  test('a_request_that_does_not_hold_is_refused', async () => {
    const stranger = await certify({ name: 'stranger root', authority: true });
    const outsider = await certify({ name: 'outsider', by: stranger });
    const selfSigned = await certify({ name: 'self-signed' });
    const expired = await certify({
      name: 'expired',
      by: city.pki.intermediate,
      notAfter: new Date(Date.now() - 1000),
    });
    const underLeaf = await certify({ name: 'under a leaf', by: city.pki.agency });
    const past = Math.floor(Date.now() / 1000) - 60;
    const wrongSignature = (jwt: string) => {
      const [header, payload, signature] = jwt.split('.');
      const bytes = Buffer.from(signature!, 'base64url');
      bytes[10]! ^= 1;
      return [header, payload, bytes.toString('base64url')].join('.');
    };
    const otherPayload = (jwt: string) => {
      const [header, payload, signature] = jwt.split('.');
      const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString());
      const changed = Buffer.from(JSON.stringify({ ...claims, nonce: 'changed' })).toString('base64url');
      return [header, changed, signature].join('.');
    };
    const { root, intermediate, agency } = city.pki;
    const cases: Record<string, [Changes, string]> = {
      'chain under another root': [{ signer: outsider, x5c: [outsider.der, stranger.der] }, 'untrusted'],
      'chain without its root': [{ signer: outsider, x5c: [outsider.der] }, 'untrusted'],
      'leaf of a stranger with our intermediate': [{ signer: outsider }, 'untrusted'],
      'self-signed leaf': [{ signer: selfSigned, x5c: [selfSigned.der] }, 'untrusted'],
      'anchor in the chain': [{ x5c: [agency.der, intermediate.der, root.der] }, 'untrusted'],
      "the gateway's TLS certificate": [{ signer: city.pki.tls, x5c: [city.pki.tls.der] }, 'untrusted'],
      'expired certificate': [{ signer: expired }, 'untrusted'],
      'signed by a leaf': [
        { signer: underLeaf, x5c: [underLeaf.der, agency.der, intermediate.der] },
        'untrusted',
      ],
      'hash of another certificate': [{ clientId: clientIdOf(intermediate) }, 'bad-request-object'],
      'x5c of another key': [
        { signer: expired, x5c: [agency.der, intermediate.der], clientId: clientIdOf(agency) },
        'bad-request-object',
      ],
      'broken signature': [{ tamper: wrongSignature }, 'bad-request-object'],
      'changed after signing': [{ tamper: otherPayload }, 'bad-request-object'],
      'algorithm none': [
        {
          tamper: (jwt) =>
            `${Buffer.from('{"alg":"none","typ":"oauth-authz-req+jwt"}').toString('base64url')}.${jwt.split('.')[1]}.`,
        },
        'bad-request-object',
      ],
      'answer to another origin': [
        { payload: { response_uri: 'https://elsewhere.example/response' } },
        'foreign-address',
      ],
      'answer to another port': [
        { payload: { response_uri: 'https://localhost:1/response' } },
        'foreign-address',
      ],
      'answer by fragment': [{ payload: { response_mode: 'fragment' } }, 'bad-request-object'],
      'no key to encrypt to': [
        { payload: { client_metadata: { vp_formats_supported: {} } } },
        'bad-request-object',
      ],
      'for somebody else': [{ payload: { aud: 'https://another.example' } }, 'bad-request-object'],
      'past its time': [{ payload: { exp: past } }, 'bad-request-object'],
      'client id of another scheme': [{ clientId: 'x509_san_dns:localhost' }, 'bad-request-object'],
      'another type of JWT': [{ header: { typ: 'JWT' } }, 'bad-request-object'],
      'no query': [{ query: { credentials: [] } }, 'bad-request-object'],
    };
    for (const [name, [changes, slug]] of Object.entries(cases)) {
      const verifier = new Verifier(city);
      const uri = await verifier.request(changes);
      await assert.rejects(wallet.presentations.prepare(uri), problem(slug), name);
      assert.equal(verifier.answers.length, 0, name);
    }
  });

  test('a_request_that_is_unsigned_or_lives_elsewhere_is_refused_before_anything_is_fetched', async () => {
    const before = city.asked.length;
    const unsigned = new URLSearchParams({
      client_id: `redirect_uri:${city.origin}/identity/response/1`,
      response_type: 'vp_token',
      response_mode: 'direct_post',
      response_uri: `${city.origin}/identity/response/1`,
      nonce: 'n',
      dcql_query: JSON.stringify(new Verifier(city).residencyQuery([['district']])),
    });
    await assert.rejects(
      wallet.presentations.prepare(`openid4vp://?${unsigned}`),
      problem('bad-request-object'),
    );
    const elsewhere = new URLSearchParams({
      client_id: clientIdOf(city.pki.agency),
      request_uri: 'https://elsewhere.example/1',
    });
    await assert.rejects(
      wallet.presentations.prepare(`openid4vp://?${elsewhere}`),
      problem('foreign-address'),
    );
    assert.equal(city.asked.length, before);
  });

  test('what_the_wallet_does_not_hold_is_not_presented', async () => {
    const verifier = new Verifier(city);
    await assert.rejects(
      wallet.presentations.prepare(await verifier.request({ claims: [['salary']] })),
      problem('no-matching-credential'),
    );
    const credentials = [
      { id: 'other', format: 'dc+sd-jwt', meta: { vct_values: [`${city.origin}/identity/vct/other`] } },
    ];
    await assert.rejects(
      wallet.presentations.prepare(await verifier.request({ query: { credentials } })),
      problem('no-matching-credential'),
    );
  });

  test('a_query_without_claims_gets_no_selectively_disclosable_claim', async () => {
    const meta = { vct_values: [`${city.origin}/identity/vct/residency`] };
    const query = { credentials: [{ id: 'residency', format: 'dc+sd-jwt', meta }] };
    const prepared = await wallet.presentations.prepare(await new Verifier(city).request({ query }));
    assert.deepEqual(prepared.disclosures[0]!.disclosed, {});
  });

  test('an_answer_that_was_lost_is_sent_again', async () => {
    const verifier = new Verifier(city);
    const prepared = await wallet.presentations.prepare(await verifier.request());
    let calls = 0;
    city.on('POST', '/identity/response/1', (asked) => {
      verifier.answers.push(asked.body);
      if (++calls === 1) return 'drop';
      return { status: 400, json: { error: 'invalid_request', error_description: 'already answered' } };
    });
    await wallet.presentations.submit(prepared, async () => true);
    assert.equal(calls, 2);
    assert.equal(verifier.answers[0], verifier.answers[1], 'the same bytes');
    calls = 1;
    await assert.rejects(
      wallet.presentations.submit(prepared, async () => true),
      { title: 'invalid_request', status: 400 },
    );
  });
});
