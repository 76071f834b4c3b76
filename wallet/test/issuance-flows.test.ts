import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { signInByForm } from '../src/cli/login-form.js';
import { DevelopmentWalletProvider } from '../src/attestation/development.js';
import type { Browser } from '../src/issuance/tokens.js';
import type { Wallet } from '../src/wallet.js';
import { PASSWORD } from './authorization-server.js';
import { City } from './city.js';
import { Issuer, RESIDENCY, TX_CODE, type IssuerFeatures } from './issuer.js';
import { DOCTYPE, NAMESPACE } from './mdoc.js';
import { certify, keyPem } from './pki.js';

const problem = (slug: string) => ({ type: `urn:madang:problem:wallet-${slug}` });
const REDIRECT = 'http://127.0.0.1:40404/callback';

describe('issuance flows', () => {
  let city: City;
  before(async () => void (city = await City.start()));
  after(() => city.stop());

  const provider = async () =>
    DevelopmentWalletProvider.fromPem(
      await keyPem(city.pki.walletProvider),
      city.pki.walletProvider.certificate.toString('pem'),
      'madang-wallet',
    );

  /** A person who signs in over HTTP, as a browser would. */
  const browserOf = (wallet: Wallet) => async (): Promise<Browser> => ({
    redirectUri: REDIRECT,
    open: (url) =>
      signInByForm(wallet.fetch, city.origin, url, REDIRECT, { username: 'minji', password: PASSWORD }),
  });

  async function start(features: IssuerFeatures = {}) {
    const issuer = await Issuer.start(city, features);
    const opened = await city.wallet(undefined, { walletProvider: await provider() });
    return { issuer, ...opened, browser: browserOf(opened.wallet) };
  }

  test('a_sign_in_brings_a_credential_with_pushed_request_s256_and_the_state_of_the_offer', async () => {
    const { issuer, wallet, browser } = await start({ dpop: true });
    const { byReference } = await issuer.offer(['residency'], 'sign-in');
    const offer = byReference.replace('openid-credential-offer:', 'haip-vci:');
    const [credential] = await wallet.issuance.receive(offer, { browser });
    assert.deepEqual(credential!.claims, RESIDENCY);
    const [pushed] = issuer.server.requests;
    assert.equal(pushed!.get('issuer_state'), 'state-of-the-offer');
    assert.equal(pushed!.get('scope'), 'residency');
    assert.equal(pushed!.get('response_type'), 'code');
    assert.ok(city.count('POST', '/identity/token') >= 1);
    const again = await wallet.issuance.receive(offer);
    assert.equal(again[0]!.id, credential!.id);
  });

  test('proofs_that_may_have_been_seen_are_made_anew_when_an_answer_was_lost', async () => {
    for (const path of ['/identity/par', '/identity/token', '/identity/deferred', '/identity/notification']) {
      const features = {
        dpop: true,
        attestation: 'endpoint',
        deferrals: 1,
        notification: true,
        consent: true,
      } as const;
      const { issuer, wallet, browser } = await start(features);
      const original = city['handlers'].get(`POST ${path}`)!;
      const seen: unknown[] = [];
      // The first pushed request is refused for want of a nonce.
      const dies = path === '/identity/par' ? 2 : 1;
      city.on('POST', path, async (asked) => {
        seen.push(asked.headers['dpop']);
        if (seen.length !== dies) return original(asked);
        // The proofs are seen, and then the server dies before it does anything.
        await Promise.resolve(original({ ...asked, body: 'client_id=madang-wallet' })).catch(() => undefined);
        return 'drop';
      });
      const { byValue } = await issuer.offer(['residency'], 'sign-in');
      const received = await wallet.issuance.receive(byValue, { browser, waitMs: 10_000 });
      assert.equal(received.length, 1, path);
      assert.ok(seen.length > dies, path);
      assert.equal(new Set(seen).size, seen.length, path);
      city.on('POST', path, original);
    }
  });

  test('a_wallet_asks_by_itself_and_takes_each_credential_that_the_token_names', async () => {
    const identifiers = { residency: ['home', 'second-home'], permit: ['permit-1'] };
    const { issuer, wallet, browser } = await start({ dpop: true, identifiers });
    const options = { browser, authorizationDetails: true };
    const at = `${city.origin}/identity`;
    const received = await wallet.issuance.request(at, ['residency', 'permit'], options);
    assert.deepEqual(
      received.map((each) => [each.credential_identifier, each.format]),
      [
        ['home', 'dc+sd-jwt'],
        ['second-home', 'dc+sd-jwt'],
        ['permit-1', 'mso_mdoc'],
      ],
    );
    const details = JSON.parse(issuer.server.requests[0]!.get('authorization_details')!);
    assert.deepEqual(details[1], {
      type: 'openid_credential',
      credential_configuration_id: 'permit',
      locations: [at],
    });
    assert.equal(issuer.server.requests[0]!.get('scope'), null);
    assert.ok(issuer.requests.every((request) => request['credential_configuration_id'] === undefined));
  });

  test('an_attested_wallet_answers_challenges_and_binds_its_tokens_with_server_nonces', async () => {
    for (const attestation of ['endpoint', 'header'] as const) {
      for (const kind of ['code', 'sign-in'] as const) {
        const { issuer, wallet, browser } = await start({ dpop: true, attestation });
        const { byValue } = await issuer.offer(['residency'], kind);
        const received = await wallet.issuance.receive(byValue, { browser, txCode: TX_CODE });
        assert.equal(received.length, 1, `${attestation} ${kind}`);
        assert.equal(issuer.server.instances.size, 1);
      }
    }
    const first = await start({ attestation: 'endpoint' });
    await first.wallet.issuance.receive((await first.issuer.offer()).byValue, { txCode: TX_CODE });
    const second = await Issuer.start(city, { attestation: 'endpoint' });
    await first.wallet.issuance.receive((await second.offer(['permit'])).byValue, { txCode: TX_CODE });
    const [one] = first.issuer.server.instances;
    const [other] = second.server.instances;
    assert.notEqual(one, other, 'issuers cannot recognise the instance');
  });

  test('an_issuer_that_wants_attestation_is_not_asked_without_one', async () => {
    const issuer = await Issuer.start(city, { attestation: 'endpoint' });
    const { wallet } = await city.wallet();
    const { byValue } = await issuer.offer();
    await assert.rejects(
      wallet.issuance.receive(byValue, { txCode: TX_CODE }),
      problem('attestation-needed'),
    );
    const keys = await Issuer.start(city, {
      proofs: { jwt: { proof_signing_alg_values_supported: ['ES256'], key_attestations_required: {} } },
    });
    const offer = (await keys.offer()).byValue;
    await assert.rejects(wallet.issuance.receive(offer, { txCode: TX_CODE }), problem('attestation-needed'));
  });

  test('keys_are_proven_as_jwk_or_did_and_with_attestation', async () => {
    const es256 = { proof_signing_alg_values_supported: ['ES256'] };
    const attested = { ...es256, key_attestations_required: { key_storage: ['iso_18045_high'] } };
    const cases: Record<string, IssuerFeatures> = {
      'did:jwk': { bindings: ['did:jwk'] },
      'did:key': { bindings: ['did:key'] },
      cose_key: { bindings: ['cose_key'] },
      'key attestation in the proof': { proofs: { jwt: attested } },
      'attestation proof': { proofs: { attestation: attested } },
    };
    for (const [name, features] of Object.entries(cases)) {
      for (const id of ['residency', 'permit']) {
        const { issuer, wallet } = await start({ ...features, batch: 3 });
        const { byValue } = await issuer.offer([id]);
        const [credential] = await wallet.issuance.receive(byValue, { txCode: TX_CODE });
        assert.equal(credential!.copies.length, 3, `${name} ${id}`);
        assert.equal(new Set(issuer.holders).size, 3, `${name} ${id}`);
      }
    }
    const both = await start({ batch: 2, proofs: { jwt: es256, attestation: attested } });
    const { byValue } = await both.issuer.offer();
    await both.wallet.issuance.receive(byValue, { txCode: TX_CODE, proof: 'attestation' });
    assert.deepEqual(Object.keys(both.issuer.requests[0]!['proofs'] as object), ['attestation']);
  });

  test('requests_and_answers_are_encrypted_where_the_issuer_offers_it', async () => {
    const { issuer, wallet } = await start({ encryption: true, dpop: true, deferrals: 1, batch: 2 });
    const [credential] = await wallet.issuance.receive((await issuer.offer(['permit'])).byValue, {
      txCode: TX_CODE,
      waitMs: 10_000,
    });
    assert.equal(credential!.doctype, DOCTYPE);
    assert.equal((credential!.claims[NAMESPACE] as Record<string, unknown>)['valid_until'], '2027-05-02');
    assert.equal(
      city.asked.findLast(({ url }) => url.pathname === '/identity/deferred')!.headers['content-type'],
      'application/jwt',
    );
  });

  test('what_was_deferred_is_collected_by_a_restarted_wallet_although_the_token_is_past_its_life', async () => {
    const { issuer, wallet, home } = await start({
      deferrals: 1,
      dpop: true,
      refresh: true,
      tokenSeconds: 1,
      notification: true,
    });
    const { byValue } = await issuer.offer();
    await assert.rejects(wallet.issuance.receive(byValue, { txCode: TX_CODE }), problem('issuance-deferred'));
    assert.equal((await wallet.issuance.deferred()).length, 1);
    const { wallet: restarted } = await city.wallet(home);
    const before = city.count('POST', '/identity/deferred');
    assert.deepEqual(await restarted.issuance.collect(), [], 'too early');
    assert.equal(city.count('POST', '/identity/deferred'), before);
    const collected = await restarted.issuance.collect({ waitMs: 10_000 });
    assert.equal(collected.length, 1);
    assert.deepEqual(await restarted.issuance.deferred(), []);
    assert.equal((await restarted.issuance.receive(byValue))[0]!.id, collected[0]!.id);
    assert.deepEqual(issuer.notifications, [{ notification_id: 'n-deferred', event: 'credential_accepted' }]);
    assert.equal(issuer.holders.length, 1);
  });

  test('the_issuer_is_told_what_became_of_a_credential', async () => {
    const { issuer, wallet } = await start({ notification: true, refresh: true, dpop: true });
    const { byValue } = await issuer.offer();
    const [credential] = await wallet.issuance.receive(byValue, { txCode: TX_CODE });
    await wallet.issuance.forget(credential!.id);
    assert.deepEqual(await wallet.issuance.credentials.all(), []);
    const bad = await start({ notification: true });
    bad.issuer.changes = { more: { vct: 'https://localhost/another' } };
    const offer = (await bad.issuer.offer()).byValue;
    await assert.rejects(bad.wallet.issuance.receive(offer, { txCode: TX_CODE }), problem('bad-credential'));
    const events = [...issuer.notifications, ...bad.issuer.notifications].map(({ event }) => event);
    assert.deepEqual(events, ['credential_accepted', 'credential_deleted', 'credential_failure']);
  });

  test('a_credential_is_renewed_with_new_keys_under_its_old_id', async () => {
    const { issuer, wallet } = await start({ dpop: true, attestation: 'header', refresh: true, batch: 2 });
    const { byValue } = await issuer.offer();
    const [before] = await wallet.issuance.receive(byValue, { txCode: TX_CODE });
    for (let i = 0; i < 2; i++) {
      const renewed = await wallet.issuance.renew(before!.id);
      assert.equal(renewed.id, before!.id);
    }
    const [after] = await wallet.issuance.credentials.all();
    assert.equal((await wallet.issuance.credentials.all()).length, 1);
    assert.equal(new Set([...before!.copies, ...after!.copies].map(({ key }) => key)).size, 4);
    assert.equal(new Set(issuer.holders).size, 6);
    // Nothing is lost when the issuer says no.
    issuer.server.refreshTokens.clear();
    await assert.rejects(wallet.issuance.renew(before!.id), problem('cannot-renew'));
    assert.deepEqual((await wallet.issuance.credentials.get(before!.id)).copies, after!.copies);
    const plain = await start();
    const [single] = await plain.wallet.issuance.receive((await plain.issuer.offer()).byValue, {
      txCode: TX_CODE,
    });
    await assert.rejects(plain.wallet.issuance.renew(single!.id), problem('cannot-renew'));
  });

  test('a_renewal_that_the_issuer_refuses_leaves_the_old_credential', async () => {
    const { issuer, wallet } = await start({ refresh: true });
    const { byValue } = await issuer.offer();
    const [before] = await wallet.issuance.receive(byValue, { txCode: TX_CODE });
    const original = city['handlers'].get('POST /identity/credential')!;
    city.on('POST', '/identity/credential', () => ({
      status: 400,
      json: { error: 'credential_request_denied' },
    }));
    await assert.rejects(wallet.issuance.renew(before!.id), { title: 'credential_request_denied' });
    assert.deepEqual((await wallet.issuance.receive(byValue))[0]!.copies, before!.copies);
    city.on('POST', '/identity/credential', original);
    assert.notDeepEqual((await wallet.issuance.renew(before!.id)).copies, before!.copies);
  });

  test('signed_metadata_is_believed_from_a_trusted_signer_alone', async () => {
    const good = await start({ signedBy: city.pki.agency });
    const { byValue } = await good.issuer.offer();
    assert.equal((await good.wallet.issuance.receive(byValue, { txCode: TX_CODE })).length, 1);
    const stranger = await certify({
      name: 'stranger',
      by: await certify({ name: 'root', authority: true }),
    });
    const bad = await start({ signedBy: stranger });
    const offer = (await bad.issuer.offer()).byValue;
    await assert.rejects(bad.wallet.issuance.receive(offer, { txCode: TX_CODE }), problem('untrusted'));
    assert.equal(bad.issuer.holders.length, 0);
  });

  test('an_answer_of_another_server_or_to_another_sign_in_gives_no_code_away', async () => {
    const cases: [Record<string, string>, string][] = [
      [{ iss: 'https://attacker.example' }, 'wrong-issuer'],
      [{ iss: '' }, 'wrong-issuer'],
      [{ state: 'another' }, 'sign-in-failed'],
      [{ code: '', error: 'access_denied' }, 'sign-in-failed'],
    ];
    for (const [answer, slug] of cases) {
      const { issuer, wallet, browser } = await start({ answer });
      const before = city.count('POST', '/identity/token');
      const { byValue } = await issuer.offer(['residency'], 'sign-in');
      await assert.rejects(wallet.issuance.receive(byValue, { browser }), problem(slug));
      assert.equal(city.count('POST', '/identity/token'), before, JSON.stringify(answer));
    }
  });

  test('a_server_without_s256_or_a_token_that_is_not_bound_is_refused', async () => {
    const plain = await start({ metadata: { code_challenge_methods_supported: ['plain'] } });
    const offer = (await plain.issuer.offer(['residency'], 'sign-in')).byValue;
    await assert.rejects(
      plain.wallet.issuance.receive(offer, { browser: plain.browser }),
      problem('sign-in-failed'),
    );
    assert.equal(plain.issuer.server.requests.length, 0);
    const { issuer, wallet } = await start({ metadata: { dpop_signing_alg_values_supported: ['ES256'] } });
    const { byValue } = await issuer.offer();
    await assert.rejects(wallet.issuance.receive(byValue, { txCode: TX_CODE }), problem('issuance-failed'));
    assert.equal(issuer.holders.length, 0);
  });

  test('fewer_copies_than_asked_for_are_taken_too', async () => {
    const { issuer, wallet } = await start({ batch: 5 });
    issuer.changes = {
      answer: ({ credentials }) => ({ credentials: (credentials as object[]).slice(0, 2) }),
    };
    const [credential] = await wallet.issuance.receive((await issuer.offer()).byValue, {
      txCode: TX_CODE,
      copies: 4,
    });
    assert.equal(credential!.copies.length, 2);
    assert.equal(issuer.holders.length, 4);
  });
});
