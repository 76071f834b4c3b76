import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { nodeFetch } from '../src/http/node-fetch.js';
import { publicKeyOf } from '../src/keys/p256.js';
import type { Wallet } from '../src/wallet.js';
import { City } from './city.js';
import { Issuer, RESIDENCY, TX_CODE, type IssuerFeatures } from './issuer.js';
import { certify, type Entity } from './pki.js';
import { Verifier, type Changes } from './verifier.js';

const problem = (slug: string) => ({ type: `urn:madang:problem:wallet-${slug}` });

describe('presentation flows', () => {
  let city: City;
  let wallet: Wallet;
  before(async () => {
    city = await City.start();
    wallet = await holding(['residency', 'permit']);
  });
  after(() => city.stop());

  async function holding(ids: string[], features: IssuerFeatures = {}): Promise<Wallet> {
    const opened = await city.wallet();
    const issuer = await Issuer.start(city, features);
    await opened.wallet.issuance.receive((await issuer.offer(ids)).byValue, { txCode: TX_CODE });
    return opened.wallet;
  }

  async function presented(verifier: Verifier, changes: Changes, by = wallet) {
    const prepared = await by.presentations.prepare(await verifier.request(changes));
    const outcome = await by.presentations.submit(prepared);
    return { prepared, outcome, ...(await verifier.opened()) };
  }

  test('an_mdoc_shows_the_elements_asked_for_alone_and_signs_for_this_verifier_and_request', async () => {
    for (const encs of [['A128GCM'], ['A256GCM'], ['A128GCM', 'A256GCM']]) {
      const verifier = new Verifier(city);
      const query = { credentials: [verifier.permitQuery(['zone', 'level'])] };
      const { prepared, payload, header } = await presented(verifier, { query, encs });
      const expected = { zone: '중구', level: 3 };
      assert.deepEqual(Object.values(prepared.disclosures[0]!.disclosed), [expected]);
      const [response] = payload.vp_token['permit']!;
      assert.deepEqual(await verifier.permit(response!), expected);
      assert.equal(header['enc'], encs.at(-1));
      assert.ok(!Buffer.from(response!, 'base64url').includes('12가3456'));
      await assert.rejects(new Verifier(city).permit(response!), 'another nonce');
      await assert.rejects(verifier.permit(response!, false), 'another key');
    }
  });

  test('an_answer_in_the_clear_is_given_where_the_verifier_asks_for_direct_post', async () => {
    const verifier = new Verifier(city);
    const query = { credentials: [verifier.permitQuery(['zone'])] };
    const prepared = await wallet.presentations.prepare(
      await verifier.request({ query, mode: 'direct_post' }),
    );
    assert.equal(prepared.request.encryption, undefined);
    await wallet.presentations.submit(prepared);
    const form = new URLSearchParams(verifier.answers[0]);
    assert.equal(form.get('state'), verifier.state);
    const { permit } = JSON.parse(form.get('vp_token')!);
    assert.deepEqual(await verifier.permit(permit[0], false), { zone: '중구' });
  });

  test('a_verifier_is_known_by_its_dns_name', async () => {
    const signer = await certify({
      name: 'dns verifier',
      by: city.pki.intermediate,
      alternativeNames: [{ type: 'dns', value: 'localhost' }],
    });
    const { prepared } = await presented(new Verifier(city), { signer, clientId: 'x509_san_dns:localhost' });
    assert.equal(prepared.request.verifier.certified, true);
    const another = await certify({
      name: 'another',
      by: city.pki.intermediate,
      alternativeNames: [{ type: 'dns', value: 'verifier.example' }],
    });
    const elsewhere: Changes = { signer: another, clientId: 'x509_san_dns:verifier.example' };
    const verifier = new Verifier(city);
    await assert.rejects(
      wallet.presentations.prepare(await verifier.request(elsewhere)),
      problem('bad-request-object'),
      'a response_uri at another host than the client id',
    );
    await assert.rejects(
      wallet.presentations.prepare(
        await verifier.request({ signer: another, clientId: 'x509_san_dns:localhost' }),
      ),
      problem('bad-request-object'),
      'a name that is not in the certificate',
    );
  });

  test('a_verifier_is_known_by_its_did', async () => {
    const did = `did:web:${encodeURIComponent(new URL(city.origin).host)}:agencies:city-hall`;
    const signer = city.pki.agency;
    const serve = (document: unknown) =>
      city.on('GET', '/agencies/city-hall/did.json', () => ({ json: document }));
    const method = {
      id: `${did}#key-1`,
      type: 'JsonWebKey2020',
      controller: did,
      publicKeyJwk: publicKeyOf(signer.key),
    };
    const changes = (header: object, of: Entity = signer): Changes => ({
      signer: of,
      clientId: `decentralized_identifier:${did}`,
      header: { x5c: undefined, kid: `${did}#key-1`, ...header },
    });
    serve({ id: did, verificationMethod: [method] });
    const { prepared } = await presented(new Verifier(city), changes({}));
    assert.deepEqual(prepared.request.verifier, { name: did, subject: did, certified: false });

    const certified = (x5c: string[]) => ({ ...method, publicKeyJwk: { ...method.publicKeyJwk, x5c } });
    serve({ id: did, verificationMethod: [certified(city.pki.x5c)] });
    const known = await presented(new Verifier(city), changes({}));
    assert.deepEqual(
      [known.prepared.request.verifier.name, known.prepared.request.verifier.certified],
      ['city-hall', true],
    );
    const other = await certify({ name: 'tax-office', by: city.pki.root });
    for (const x5c of [[other.der], [signer.der], ['AAAA']]) {
      serve({ id: did, verificationMethod: [certified(x5c)] });
      const borrowed = await presented(new Verifier(city), changes({}));
      assert.equal(borrowed.prepared.request.verifier.certified, false, 'a chain of another key, or none');
    }
    serve({ id: did, verificationMethod: [method] });

    const refused = async (given: Changes, slug: string, name: string) =>
      assert.rejects(
        wallet.presentations.prepare(await new Verifier(city).request(given)),
        problem(slug),
        name,
      );
    await refused(changes({ kid: `${did}x#key-1` }), 'bad-request-object', 'key of another DID');
    await refused(changes({ kid: `${did}#key-2` }), 'untrusted', 'no such key');
    await refused(changes({}, await certify({ name: 'x' })), 'bad-request-object', 'another key');
    serve({ id: 'did:web:another', verificationMethod: [method] });
    await refused(changes({}), 'untrusted', 'document of another');
    const own = {
      clientId: 'decentralized_identifier:did:jwk:e30',
      header: { x5c: undefined, kid: 'did:jwk:e30#0' },
    };
    await refused(own, 'untrusted', 'a DID that anyone can make');
    for (const host of ['elsewhere.example', '127.0.0.1', 'localhost%3A1']) {
      const foreign = `did:web:${host}`;
      const given = {
        clientId: `decentralized_identifier:${foreign}`,
        header: { x5c: undefined, kid: `${foreign}#k` },
      };
      await refused(given, 'foreign-address', host);
    }
  });

  test('a_request_by_post_may_be_encrypted_to_the_wallet', async () => {
    const { prepared } = await presented(new Verifier(city), { method: 'post', sealed: 'plain' });
    assert.equal(prepared.request.verifier.certified, true);
    const zipped = await new Verifier(city).request({ method: 'post', sealed: 'zip' });
    await assert.rejects(wallet.presentations.prepare(zipped), problem('bad-request-object'));
  });

  test('transaction_data_are_shown_to_the_person_and_hashed_into_the_key_binding', async () => {
    const entry = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
    const data = [
      entry({ type: 'madang_payment', credential_ids: ['residency'], amount: '10000', payee: '시청' }),
      entry({
        type: 'madang_consent',
        credential_ids: ['permit', 'residency'],
        transaction_data_hashes_alg: ['sha-256'],
      }),
    ];
    const verifier = new Verifier(city);
    const [residency] = (verifier.residencyQuery([['district']]) as { credentials: object[] }).credentials;
    const query = { credentials: [residency, verifier.permitQuery(['zone'])] };
    const { prepared, payload } = await presented(verifier, { query, payload: { transaction_data: data } });
    assert.equal(prepared.confirms.get('residency')!.length, 2, 'an mdoc carries no hashes');
    assert.deepEqual(prepared.confirms.get('residency')![0]!.content, { amount: '10000', payee: '시청' });
    const bound = await verifier.keyBinding(payload.vp_token['residency']![0]!);
    const hashes = data.map((each) => createHash('sha256').update(each).digest('base64url'));
    assert.deepEqual(bound['transaction_data_hashes'], hashes);
    assert.equal(bound['transaction_data_hashes_alg'], 'sha-256');
  });

  test('transaction_data_that_cannot_be_confirmed_are_refused', async () => {
    const entry = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
    const cases: Record<string, string[]> = {
      'a credential that is not asked for': [entry({ type: 'x', credential_ids: ['another'] })],
      'another hash': [
        entry({ type: 'x', credential_ids: ['residency'], transaction_data_hashes_alg: ['sha-1'] }),
      ],
      'no type': [entry({ credential_ids: ['residency'] })],
      'not JSON': ['AAAA'],
      'too many': Array<string>(21).fill(entry({ type: 'x', credential_ids: ['residency'] })),
    };
    for (const [name, transaction_data] of Object.entries(cases)) {
      const verifier = new Verifier(city);
      const uri = await verifier.request({ payload: { transaction_data } });
      await assert.rejects(
        wallet.presentations.prepare(uri),
        (error: { type: string }) => /bad-request-object/.test(error.type),
        name,
      );
    }
    const verifier = new Verifier(city);
    const query = { credentials: [verifier.permitQuery(['zone'])] };
    const transaction_data = [entry({ type: 'x', credential_ids: ['permit'] })];
    await assert.rejects(
      wallet.presentations.prepare(await verifier.request({ query, payload: { transaction_data } })),
      problem('bad-request-object'),
      'an mdoc carries no hashes',
    );
  });

  test('a_query_is_answered_as_its_sets_say', async () => {
    const verifier = new Verifier(city);
    const residency = (verifier.residencyQuery([['district']]) as { credentials: { id: string }[] })
      .credentials[0]!;
    const permit = verifier.permitQuery(['zone']);
    const missing = { ...permit, id: 'licence', meta: { doctype_value: 'org.iso.18013.5.1.mDL' } };
    const credentials = [residency, permit, missing];
    const answered = async (credential_sets: unknown, choice = {}) => {
      const prepared = await wallet.presentations.prepare(
        await verifier.request({ query: { credentials, credential_sets } }),
        choice,
      );
      return prepared.matches.map(({ queryId }) => queryId);
    };
    assert.deepEqual(
      await answered([{ options: [['licence'], ['permit']] }]),
      ['permit'],
      'the first option that can be met',
    );
    assert.deepEqual(await answered([{ options: [['residency', 'permit']] }]), ['residency', 'permit']);
    const optional = [{ options: [['residency']] }, { options: [['permit']], required: false }];
    assert.deepEqual(await answered(optional), ['residency'], 'no more than needed');
    assert.deepEqual(await answered(optional, { optional: true }), ['residency', 'permit']);
    await assert.rejects(answered([{ options: [['licence']] }]), problem('no-matching-credential'));
    const both = await presented(verifier, { query: { credentials: [residency, permit] } });
    assert.deepEqual(Object.keys(both.payload.vp_token), ['residency', 'permit']);
    assert.deepEqual(await verifier.permit(both.payload.vp_token['permit']![0]!), { zone: '중구' });
  });

  test('claim_sets_values_and_authorities_choose_what_is_shown', async () => {
    const meta = { vct_values: [`${city.origin}/identity/vct/residency`] };
    const shown = async (more: object) => {
      const query = { credentials: [{ id: 'residency', format: 'dc+sd-jwt', meta, ...more }] };
      const prepared = await wallet.presentations.prepare(await new Verifier(city).request({ query }));
      return Object.keys(prepared.disclosures[0]!.disclosed);
    };
    const claims = [
      { id: 'a', path: ['salary'] },
      { id: 'b', path: ['district'], values: ['중구', '종로구'] },
      { id: 'c', path: ['city'] },
    ];
    assert.deepEqual(await shown({ claims, claim_sets: [['a'], ['b'], ['c']] }), ['district']);
    assert.deepEqual(await shown({ claims, claim_sets: [['c', 'a'], ['c']] }), ['city']);
    await assert.rejects(
      shown({ claims: [{ path: ['district'], values: ['종로구'] }] }),
      problem('no-matching-credential'),
    );
    const { authorities } = (await wallet.issuance.credentials.all()).find(({ vct }) => vct)!.issuer;
    const aki = authorities.map((id) => Buffer.from(id, 'hex').toString('base64url'));
    const trusted = (values: string[]) => ({
      claims: [{ path: ['city'] }],
      trusted_authorities: [{ type: 'aki', values }],
    });
    for (const value of aki) assert.deepEqual(await shown(trusted(['AAAA', value])), ['city']);
    await assert.rejects(shown(trusted(['AAAA'])), problem('no-matching-credential'));
    const verifier = new Verifier(city);
    const permit = {
      ...verifier.permitQuery([]),
      claims: [{ path: ['city.madang.permit', 'level'], values: [3] }],
    };
    assert.equal(
      (await presented(verifier, { query: { credentials: [permit] } })).prepared.matches.length,
      1,
    );
    const other = { ...permit, claims: [{ path: ['city.madang.permit', 'level'], values: [4] }] };
    await assert.rejects(
      wallet.presentations.prepare(await verifier.request({ query: { credentials: [other] } })),
      problem('no-matching-credential'),
    );
  });

  test('several_are_shown_where_the_verifier_takes_several_and_the_person_may_choose', async () => {
    const two = await holding(['residency']);
    await two.issuance.receive((await (await Issuer.start(city)).offer(['residency'])).byReference, {
      txCode: TX_CODE,
    });
    const ids = (await two.issuance.credentials.all()).map(({ id }) => id);
    assert.equal(ids.length, 2);
    const verifier = new Verifier(city);
    const [query] = (verifier.residencyQuery([['city']]) as { credentials: object[] }).credentials;
    const several = await presented(
      verifier,
      { query: { credentials: [{ ...query, multiple: true }] } },
      two,
    );
    assert.equal(several.payload.vp_token['residency']!.length, 2);
    const uri = await verifier.request({ query: { credentials: [query] } });
    const chosen = await two.presentations.prepare(uri, { credentials: { residency: [ids[1]!] } });
    assert.equal(chosen.matches[0]!.credential.id, ids[1]);
    for (const wrong of [ids, ['none'], []])
      await assert.rejects(
        two.presentations.prepare(uri, { credentials: { residency: wrong } }),
        problem('no-matching-credential'),
      );
  });

  test('each_copy_is_shown_once_and_new_ones_are_fetched_when_none_is_left', async () => {
    for (const id of ['residency', 'permit']) {
      const holder = await holding([id], { batch: 3, refresh: true, dpop: true });
      const seen = new Set<string>();
      const warned: boolean[] = [];
      for (let i = 0; i < 6; i++) {
        const verifier = new Verifier(city);
        const query = id === 'permit' ? { credentials: [verifier.permitQuery(['zone'])] } : undefined;
        const { payload, outcome } = await presented(verifier, query ? { query } : {}, holder);
        const presentation = payload.vp_token[id]![0]!;
        seen.add(id === 'permit' ? deviceKeyIn(presentation) : presentation.split('~')[0]!);
        warned.push(outcome.warnings.some(({ renewed }) => renewed));
      }
      assert.equal(seen.size, 6, id);
      assert.deepEqual(warned, [false, false, true, false, false, true]);
    }
    const finite = await holding(['residency'], { batch: 2 });
    const warnings = [];
    for (let i = 0; i < 3; i++)
      warnings.push((await presented(new Verifier(city), {}, finite)).outcome.warnings);
    assert.deepEqual(
      warnings.map(([first]) => first && [first.shown_again, first.renewed]),
      [undefined, [false, false], [true, false]],
    );
  });

  test('concurrent_presentations_never_share_a_copy', async () => {
    const holder = await holding(['residency'], { batch: 8 });
    const prepared = await Promise.all(
      Array.from({ length: 8 }, async () => holder.presentations.prepare(await new Verifier(city).request())),
    );
    const answers: string[] = [];
    city.on('POST', '/identity/response/1', ({ body }) => (answers.push(body), { json: {} }));
    await Promise.all(prepared.map((each) => holder.presentations.submit(each)));
    const [credential] = await holder.issuance.credentials.all();
    assert.ok(credential!.copies.every(({ used_at }) => used_at !== undefined));
    assert.equal(answers.length, 8);
  });

  test('a_person_who_declines_tells_nothing_but_that', async () => {
    for (const mode of ['direct_post', 'direct_post.jwt']) {
      const verifier = new Verifier(city);
      const request = await wallet.presentations.check(await verifier.request({ mode }));
      const outcome = await wallet.presentations.decline(request);
      assert.equal(outcome.redirect_uri, `${city.origin}/done`);
      assert.deepEqual(Object.fromEntries(new URLSearchParams(verifier.answers[0])), {
        error: 'access_denied',
        state: verifier.state,
      });
    }
  });

  test('a_request_that_was_swapped_is_refused', async () => {
    const cases: Record<string, Changes> = {
      'another client_id inside': { payload: { client_id: 'x509_hash:another' } },
      'no wallet_nonce': { method: 'post', payload: { wallet_nonce: undefined } },
      'a wallet_nonce that was not given': { payload: { wallet_nonce: 'replayed' } },
      'a request within': { payload: { request_uri: `${city.origin}/identity/request/2` } },
      'a redirect_uri too': { payload: { redirect_uri: `${city.origin}/x` } },
      'from the future': { payload: { iat: Math.floor(Date.now() / 1000) + 3600 } },
      'too long': { payload: { state: 'a'.repeat(300_000) } },
      'an encryption key on another curve': {
        payload: {
          client_metadata: {
            vp_formats_supported: {},
            jwks: {
              keys: [{ kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA', alg: 'ECDH-ES', use: 'enc', kid: '1' }],
            },
          },
        },
      },
      'encryption that the wallet does not do': { encs: ['A128CBC-HS256'] },
    };
    for (const [name, changes] of Object.entries(cases)) {
      const verifier = new Verifier(city);
      const uri = await verifier.request(changes);
      await assert.rejects(
        wallet.presentations.prepare(uri),
        (error: { type: string }) => /bad-request-object|invalid-request/.test(error.type),
        name,
      );
      assert.equal(verifier.answers.length, 0, name);
    }
  });

  test('another_verifier_is_talked_to_where_the_person_allows_its_address', async () => {
    const other = await City.start();
    try {
      const [own, foreign] = [nodeFetch(city.ca), nodeFetch(other.ca)];
      const { wallet: guest } = await city.wallet(undefined, {
        allowedOrigins: [other.origin],
        trustAnchor: city.ca + other.ca,
        fetch: (url, init) => (url.startsWith(other.origin) ? foreign : own).fetch(url, init),
      });
      const { byValue } = await (await Issuer.start(city)).offer();
      await guest.issuance.receive(byValue, { txCode: TX_CODE });
      const verifier = new Verifier(other);
      const query = {
        credentials: [
          {
            id: 'residency',
            format: 'dc+sd-jwt',
            meta: { vct_values: [`${city.origin}/identity/vct/residency`] },
            claims: [{ path: ['city'] }],
          },
        ],
      };
      const uri = await verifier.request({ query });
      await assert.rejects(wallet.presentations.prepare(uri), problem('foreign-address'));
      const prepared = await guest.presentations.prepare(uri);
      await guest.presentations.submit(prepared);
      assert.deepEqual(prepared.disclosures[0]!.disclosed, { city: RESIDENCY.city });
      assert.equal(verifier.answers.length, 1);
      await Promise.all([own.close(), foreign.close()]);
    } finally {
      await other.stop();
    }
  });
});

/** What tells one copy of an mdoc from another: the issuer's signature, the last 64 bytes before the device's part. */
function deviceKeyIn(response: string): string {
  const bytes = Buffer.from(response, 'base64url');
  return bytes.subarray(bytes.indexOf('issuerAuth'), bytes.indexOf('deviceSigned')).toString('hex');
}
