import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { SignJWT } from 'jose';
import { after, before, describe, test } from 'node:test';
import { City } from './city.js';
import { Issuer, TX_CODE } from './issuer.js';
import { certify, type Entity } from './pki.js';

describe('status', () => {
  let city: City;
  before(async () => void (city = await City.start()));
  after(() => city.stop());

  async function statusOf(statuses: number[], ids = ['residency'], batch = 1) {
    const issuer = await Issuer.start(city, { statuses, batch });
    const { wallet } = await city.wallet();
    const received = await wallet.issuance.receive((await issuer.offer(ids)).byValue, { txCode: TX_CODE });
    const look = () => Promise.all(received.map((each) => wallet.statuses.of(each)));
    return { issuer, wallet, look, statuses: (await look()).map(({ status }) => status) };
  }

  test('the_person_sees_what_issuers_say_of_credentials_in_both_formats', async () => {
    assert.deepEqual((await statusOf([0, 0], ['residency', 'permit'])).statuses, ['valid', 'valid']);
    assert.deepEqual((await statusOf([1, 2], ['residency', 'permit'])).statuses, ['revoked', 'suspended']);
    assert.deepEqual((await statusOf([2, 3], ['residency', 'permit'])).statuses, ['suspended', 'other']);
    assert.deepEqual(
      (await statusOf([0, 0, 1], ['residency'], 3)).statuses,
      ['revoked'],
      'the worst of its copies',
    );
    const issuer = await Issuer.start(city);
    const { wallet } = await city.wallet();
    const [plain] = await wallet.issuance.receive((await issuer.offer()).byValue, { txCode: TX_CODE });
    assert.deepEqual(await wallet.statuses.of(plain!), { status: 'unlisted' });
    assert.deepEqual(await wallet.statuses.of({ ...plain!, expiresAt: 1 }), { status: 'expired' });
  });

  test('a_list_that_does_not_hold_says_nothing', async () => {
    const { issuer, look } = await statusOf([0]);
    const uri = issuer.statusUri;
    const now = Math.floor(Date.now() / 1000);
    const good = { sub: uri, iat: now, exp: now + 60, status_list: { bits: 1, lst: lst(Buffer.alloc(8)) } };
    const stranger = await certify({ name: 'x', by: await certify({ name: 'root', authority: true }) });
    const serve = async (
      claims: object,
      signer: Entity = city.pki.agency,
      header: object = {},
      x5c = city.pki.x5c,
    ) => {
      const jwt = await new SignJWT(claims as never)
        .setProtectedHeader({ alg: 'ES256', typ: 'statuslist+jwt', x5c, ...header } as never)
        .sign(signer.keys.privateKey);
      city.on('GET', '/identity/status/1', () => ({ text: jwt }));
      return (await look())[0]!;
    };
    assert.deepEqual(await serve(good), { status: 'valid' });
    const tell = async (name: string, found: Promise<{ status: string; reason?: string }>) => {
      const { status, reason } = await found;
      assert.equal(status, 'unknown', name);
      assert.ok(reason, name);
    };
    await tell('of another address', serve({ ...good, sub: `${uri}2` }));
    await tell('past its time', serve({ ...good, exp: now - 120 }));
    await tell('from the future', serve({ ...good, iat: now + 3600 }));
    await tell('of another key', serve(good, stranger));
    await tell('of a stranger', serve(good, stranger, {}, [stranger.der]));
    await tell('of another type', serve(good, city.pki.agency, { typ: 'JWT' }));
    await tell('with odd bits', serve({ ...good, status_list: { bits: 3, lst: lst(Buffer.alloc(8)) } }));
    await tell('too short', serve({ ...good, status_list: { bits: 8, lst: lst(Buffer.alloc(0)) } }));
    await tell('not compressed', serve({ ...good, status_list: { bits: 1, lst: 'AAAA' } }));
    await tell(
      'a bomb',
      serve({ ...good, status_list: { bits: 1, lst: lst(Buffer.alloc(64 * 1024 * 1024)) } }),
    );
    city.on('GET', '/identity/status/1', () => ({ status: 404, text: '' }));
    await tell(
      'gone',
      look().then(([first]) => first!),
    );
  });

  test('a_list_is_fetched_once_while_it_may_be_kept', async () => {
    const { issuer, look } = await statusOf([0, 0, 0], ['residency'], 3);
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      sub: issuer.statusUri,
      iat: now,
      ttl: 60,
      status_list: { bits: 2, lst: lst(Buffer.alloc(8)) },
    };
    const jwt = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'statuslist+jwt', x5c: city.pki.x5c })
      .sign(city.pki.agency.keys.privateKey);
    city.on('GET', '/identity/status/1', () => ({ text: jwt }));
    const before = city.count('GET', '/identity/status/1');
    await look();
    await look();
    assert.equal(city.count('GET', '/identity/status/1') - before, 1);
  });
});

function lst(bytes: Buffer): string {
  return deflateSync(bytes).toString('base64url');
}
