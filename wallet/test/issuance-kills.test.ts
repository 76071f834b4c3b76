import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FileStore } from '../src/store/file-store.js';
import type { Store } from '../src/store/store.js';
import { City } from './city.js';
import { Issuer, TX_CODE, type IssuerFeatures } from './issuer.js';

const FEATURES: IssuerFeatures = { dpop: true, refresh: true, batch: 2, notification: true };

/** A store whose owner dies at the write with this number, before or after it is on the disk. */
function dyingAt(
  store: FileStore,
  number: number,
  when: 'before' | 'after',
): { store: Store; died: () => boolean } {
  let writes = 0;
  const dead = () => {
    throw new Error('killed');
  };
  const counted: Store = {
    read: (name) => (writes >= number ? dead() : store.read(name)),
    write: async (name, text) => {
      writes++;
      if (writes > number || (writes === number && when === 'before')) dead();
      await store.write(name, text);
      if (writes === number) dead();
    },
    remove: (name) => store.remove(name),
    list: (folder) => store.list(folder),
    exclusive: (name, work) => store.exclusive(name, work),
  };
  return { store: counted, died: () => writes >= number };
}

describe('a wallet that is killed', () => {
  let city: City;
  before(async () => void (city = await City.start()));
  after(() => city.stop());

  test('holds_one_credential_after_it_was_killed_at_any_write_while_receiving', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let number = 1; ; number++) {
        const issuer = await Issuer.start(city, FEATURES);
        const { store, home } = await city.wallet();
        const dying = dyingAt(store, number, when);
        const { wallet } = await city.wallet(home, { store: dying.store });
        const { byValue } = await issuer.offer();
        const first = await wallet.issuance.receive(byValue, { txCode: TX_CODE }).catch(() => undefined);
        if (!dying.died()) {
          assert.equal(first!.length, 1);
          assert.ok(number > 6, 'there were writes to die at');
          break;
        }
        const { wallet: restarted } = await city.wallet(home);
        const second = await restarted.issuance
          .receive(byValue, { txCode: TX_CODE })
          .catch((error: { type: string }) => error.type);
        const held = await restarted.issuance.credentials.all();
        if (Array.isArray(second)) {
          assert.deepEqual(
            held.map(({ id }) => id),
            second.map(({ id }) => id),
          );
          for (const { key } of held[0]!.copies) assert.ok(await store.read(`keys/k.${key}.json`));
        } else {
          // Only the answer to the code itself can be lost with the wallet; then the issuer says so.
          assert.equal(second, 'urn:madang:problem:openid-invalid-grant', `${when} ${number}`);
          assert.equal(issuer.holders.length, 0);
        }
        assert.ok(held.length <= 1);
      }
    }
  });

  test('holds_a_credential_after_it_was_killed_at_any_write_while_renewing', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let number = 1; ; number++) {
        const issuer = await Issuer.start(city, FEATURES);
        const { wallet, store, home } = await city.wallet();
        const [credential] = await wallet.issuance.receive((await issuer.offer()).byValue, {
          txCode: TX_CODE,
        });
        const dying = dyingAt(store, number, when);
        const { wallet: renewing } = await city.wallet(home, { store: dying.store });
        await renewing.issuance.renew(credential!.id).catch(() => undefined);
        const { wallet: restarted } = await city.wallet(home);
        const held = await restarted.issuance.credentials.get(credential!.id);
        assert.ok(held.copies.length === 2);
        for (const { key } of held.copies)
          assert.ok(await store.read(`keys/k.${key}.json`), `${when} ${number}`);
        if (!dying.died()) break;
      }
    }
  });

  test('destroys_the_keys_of_what_it_forgets_or_renews', async () => {
    const issuer = await Issuer.start(city, FEATURES);
    const { wallet, store } = await city.wallet();
    const [before] = await wallet.issuance.receive((await issuer.offer()).byValue, { txCode: TX_CODE });
    const after = await wallet.issuance.renew(before!.id);
    for (const { key } of before!.copies) assert.equal(await store.read(`keys/k.${key}.json`), undefined);
    await wallet.issuance.forget(after.id);
    for (const { key } of after.copies) assert.equal(await store.read(`keys/k.${key}.json`), undefined);
    assert.deepEqual(await store.list('grants'), []);
    assert.deepEqual(await store.list('credentials'), []);
  });

  test('stops_asking_for_what_the_issuer_will_never_give', async () => {
    const issuer = await Issuer.start(city, { deferrals: 0 });
    const { wallet } = await city.wallet();
    const { byValue } = await issuer.offer();
    await assert.rejects(wallet.issuance.receive(byValue, { txCode: TX_CODE }), /not ready/);
    city.on('POST', '/identity/deferred', () => ({
      status: 400,
      json: { error: 'credential_request_denied' },
    }));
    await assert.rejects(wallet.issuance.collect({ waitMs: 5_000 }), { title: 'credential_request_denied' });
    assert.deepEqual(await wallet.issuance.deferred(), []);
    assert.deepEqual(await wallet.issuance.collect({ waitMs: 5_000 }), []);
  });
});
