import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { generateKey } from '../src/keys/p256.js';
import { City } from './city.js';
import { Issuer, RESIDENCY, TX_CODE, type Changes } from './issuer.js';
import { certify } from './pki.js';

const problem = (slug: string) => ({ type: `urn:madang:problem:wallet-${slug}` });

describe('issuance', () => {
  let city: City;
  before(async () => void (city = await City.start()));
  after(() => city.stop());

  test('an_offer_by_value_and_by_reference_brings_a_credential_bound_to_its_own_key', async () => {
    for (const way of ['byValue', 'byReference'] as const) {
      const issuer = await Issuer.start(city);
      const { wallet, home } = await city.wallet();
      const [credential] = await wallet.issuance.receive((await issuer.offer())[way], { txCode: TX_CODE });
      assert.deepEqual(credential!.claims, RESIDENCY);
      assert.equal(credential!.issuer.name, 'city-hall');
      assert.deepEqual(credential!.selective, Object.keys(RESIDENCY).sort());
      const file = await stat(join(home, 'keys', `k.${credential!.copies[0]!.key}.json`));
      assert.equal(file.mode & 0o777, 0o600);
      assert.equal((await stat(home)).mode & 0o777, 0o700);
    }
  });

  test('taking_the_same_offer_again_gives_the_same_credential_without_asking_the_issuer', async () => {
    const issuer = await Issuer.start(city);
    const { wallet } = await city.wallet();
    const { byValue } = await issuer.offer();
    const [first] = await wallet.issuance.receive(byValue, { txCode: TX_CODE });
    const [again] = await wallet.issuance.receive(byValue, { txCode: TX_CODE });
    assert.equal(again!.id, first!.id);
    assert.equal(issuer.holders.length, 1);
  });

  test('a_lost_answer_is_asked_for_again_with_a_fresh_nonce_and_the_same_key', async () => {
    const issuer = await Issuer.start(city);
    const { wallet } = await city.wallet();
    const { byValue } = await issuer.offer();
    const original = city['handlers'].get('POST /identity/credential')!;
    let calls = 0;
    city.on('POST', '/identity/credential', async (asked) => {
      const answer = await original(asked);
      return ++calls === 1 ? 'drop' : calls === 2 ? { status: 502, text: '' } : answer;
    });
    const received = await wallet.issuance.receive(byValue, { txCode: TX_CODE });
    assert.equal(received.length, 1);
    assert.equal(calls, 3);
    assert.equal(new Set(issuer.holders).size, 1);
  });

  test('an_interrupted_wallet_goes_on_although_the_offer_is_gone_and_its_code_spent', async () => {
    const issuer = await Issuer.start(city);
    const { wallet, home } = await city.wallet();
    const { byReference } = await issuer.offer();
    const original = city['handlers'].get('POST /identity/credential')!;
    city.on('POST', '/identity/credential', () => ({ status: 500, text: '' }));
    await assert.rejects(wallet.issuance.receive(byReference, { txCode: TX_CODE }), { status: 500 });
    city.on('POST', '/identity/credential', original);
    city.on('GET', '/identity/offer/1', () => ({ status: 404, json: { error: 'gone' } }));
    const { wallet: restarted } = await city.wallet(home);
    const [credential] = await restarted.issuance.receive(byReference);
    const [again] = await restarted.issuance.receive(byReference);
    assert.equal(again!.id, credential!.id);
    assert.equal(issuer.holders.length, 1);
  });

  test('a_wrong_transaction_code_is_refused_and_can_be_corrected', async () => {
    const issuer = await Issuer.start(city);
    const { wallet } = await city.wallet();
    const { byValue } = await issuer.offer();
    await assert.rejects(wallet.issuance.receive(byValue), problem('tx-code-needed'));
    await assert.rejects(wallet.issuance.receive(byValue, { txCode: '000000' }), {
      type: 'urn:madang:problem:openid-invalid-grant',
      status: 400,
    });
    assert.equal((await wallet.issuance.receive(byValue, { txCode: TX_CODE })).length, 1);
  });

  test('a_credential_from_an_untrusted_issuer_or_for_another_key_is_not_kept', async () => {
    const stranger = await certify({ name: 'stranger' });
    const fake = await certify({ name: 'fake', by: stranger });
    for (const [changes, slug] of [
      [{ issuer: fake, x5c: [fake.der] }, 'untrusted'],
      [{ x5c: [city.pki.agency.der, city.pki.intermediate.der, city.pki.root.der] }, 'untrusted'],
      [{ issuer: fake }, 'bad-credential'],
      [{ holder: await generateKey() }, 'bad-credential'],
    ] as [Changes, string][]) {
      const issuer = await Issuer.start(city);
      issuer.changes = changes;
      const { wallet } = await city.wallet();
      await assert.rejects(
        wallet.issuance.receive((await issuer.offer()).byValue, { txCode: TX_CODE }),
        problem(slug),
      );
      assert.deepEqual(await wallet.issuance.credentials.all(), []);
    }
  });

  test('an_offer_of_another_origin_is_refused_before_it_is_contacted', async () => {
    const { wallet } = await city.wallet();
    const elsewhere = encodeURIComponent('https://elsewhere.example/offer/1');
    await assert.rejects(
      wallet.issuance.receive(`openid-credential-offer://?credential_offer_uri=${elsewhere}`),
      problem('foreign-address'),
    );
    const offer = {
      credential_issuer: 'https://elsewhere.example',
      credential_configuration_ids: ['residency'],
    };
    const byValue = `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`;
    await assert.rejects(wallet.issuance.receive(byValue), problem('foreign-address'));
  });
});
