import assert from 'node:assert/strict';
import { createHash, createPublicKey, randomBytes, randomUUID, verify } from 'node:crypto';
import { decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { after, before, beforeEach, describe, test } from 'node:test';
import { billHash, linkIn } from '../src/payment/bills.js';
import {
  cancelHash,
  captureHash,
  domainSeparator,
  holdHash,
  messageOf,
  rotateHash,
  structHash,
  vetoHash,
} from '../src/payment/eip712.js';
import type { AuthorisationRequest } from '../src/payment/pay.js';
import type { FileStore } from '../src/store/file-store.js';
import type { Wallet } from '../src/wallet.js';
import { City, type Asked } from './city.js';

const SUB = '11111111-2222-3333-4444-555555555555';
const DOMAIN = {
  name: 'Madang Ledger',
  version: '1',
  chain_id: 31_337,
  verifying_contract: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
};
const SEPARATOR = domainSeparator(DOMAIN);
const PAYEE = `0x${'ab'.repeat(32)}`;
const OWN = `0x${'cd'.repeat(32)}`;
const problem = (slug: string) => ({ type: `urn:madang:problem:wallet-${slug}` });
const sha256 = (...parts: (string | Uint8Array)[]) =>
  `0x${parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')}`;
const bytes = (hex: string) => Buffer.from(hex.slice(2), 'hex');

test('a_payment_link_is_known_in_each_form_and_never_followed_to_another_city', () => {
  const origin = 'https://localhost:8443';
  const link = 'AbCdEfGhIjKlMnOpQrStUv';
  const url = `${origin}/payment/links/${link}`;
  assert.equal(linkIn(url, origin), link);
  assert.equal(linkIn(`${url}?lang=en`, origin), link);
  assert.equal(linkIn(`/payment/links/${link}`, origin), link);
  assert.equal(linkIn(`madang-wallet://pay?link=${encodeURIComponent(url)}`, origin), link);
  assert.equal(linkIn(randomUUID(), origin), undefined);
  assert.equal(linkIn('/payment/bills/5d3f', origin), undefined);
  assert.throws(
    () => linkIn(`https://evil.example/payment/links/${link}`, origin),
    problem('foreign-address'),
  );
  assert.throws(() => linkIn('madang-wallet://pay?link=https%3A%2F%2Fx', origin), problem('bad-link'));
});

describe('payments beyond a bill', () => {
  let city: City;
  let wallet: Wallet;
  let store: FileStore;
  let sent: AuthorisationRequest[];
  let account: Record<string, unknown> & { id: string; key_version: number };
  let jwk: Record<string, unknown>;

  before(async () => void (city = await City.start()));
  after(() => city.stop());
  beforeEach(async () => {
    ({ wallet, store } = await city.wallet());
    sent = [];
    account = { id: OWN, state: 'open', key_version: 1, balance: 50_000, available: 50_000 };
    city.on('GET', '/payment/ledger', () => ({ json: { ...DOMAIN, domain_separator: SEPARATOR } }));
    city.on('GET', '/payment/accounts', () => ({ json: { items: [account] } }));
    city.on('GET', `/payment/accounts/${OWN}`, () => ({ json: account }));
    city.on('POST', '/payment/accounts', (asked) => {
      jwk = decodeProtectedHeader(JSON.parse(asked.body).proof).jwk as Record<string, unknown>;
      return { status: 201, json: account };
    });
    city.on('POST', '/payment/authorisations', (asked) => accept(asked));
    await wallet.accounts.open(SUB);
  });

  const payOf = (request: AuthorisationRequest) => ({
    from: request.from,
    keyVersion: request.key_version,
    to: request.to,
    amount: request.amount,
    billHash: request.bill_hash,
    nonce: BigInt(request.nonce),
    validAfter: request.valid_after,
    validBefore: request.valid_before,
  });

  function hashOf(request: AuthorisationRequest): string {
    const pay = payOf(request);
    return request.capturer
      ? holdHash({ ...pay, capturer: request.capturer, maxAmount: pay.amount })
      : structHash(pay);
  }

  function accept(asked: Asked) {
    const request = JSON.parse(asked.body) as AuthorisationRequest;
    sent.push(request);
    const id = sha256(messageOf(SEPARATOR, hashOf(request)));
    return { status: 201, json: { id, state: request.capturer ? 'held' : 'accepted' } };
  }

  function assertSigned(structHash: string, signature: string, key = jwk): void {
    const by = {
      key: createPublicKey({ key: key as never, format: 'jwk' }),
      dsaEncoding: 'ieee-p1363' as const,
    };
    assert.ok(verify('sha256', messageOf(SEPARATOR, structHash), by, Buffer.from(signature, 'base64url')));
  }

  const nonceOf = (request: AuthorisationRequest) =>
    bytes(`0x${BigInt(request.nonce).toString(16).padStart(64, '0')}`);

  async function linked(changes: Record<string, unknown> = {}) {
    const content = {
      id: randomUUID(),
      amount: 12_000,
      currency: 'KRW',
      payee: PAYEE,
      salt: `0x${randomBytes(32).toString('hex')}`,
    };
    const hash = await billHash(content);
    const link = randomBytes(16).toString('base64url');
    const bill = { ...content, state: 'open', left: 12_000, partial: true, bill_hash: hash, ...changes };
    city.on('GET', `/payment/links/${link}`, () => ({ json: bill }));
    return { url: `${city.origin}/payment/links/${link}`, hash, bill };
  }

  test('anyones_bill_is_paid_by_its_link', async () => {
    const { url, hash } = await linked();

    const paid = await wallet.payments.pay(`madang-wallet://pay?link=${encodeURIComponent(url)}`);

    assert.equal(sent[0]!.bill_hash, hash);
    assert.equal(sent[0]!.instalment_of, undefined);
    assertSigned(hashOf(sent[0]!), sent[0]!.signature);
    assert.equal(paid.state, 'accepted');
  });

  test('an_instalment_signs_the_bill_its_payer_and_its_nonce_and_may_be_followed_by_another', async () => {
    const { url, hash } = await linked();

    await wallet.payments.pay(url, { amount: 4_000 });
    await wallet.payments.pay(url, { amount: 4_000 });

    assert.equal(new Set(sent.map((request) => request.nonce)).size, 2);
    for (const request of sent) {
      assert.equal(request.instalment_of, hash);
      assert.equal(request.amount, 4_000);
      assert.equal(request.bill_hash, sha256('madang:instalment', bytes(hash), bytes(OWN), nonceOf(request)));
      assertSigned(hashOf(request), request.signature);
    }
    await assert.rejects(wallet.payments.pay(url, { amount: 12_001 }), problem('bad-amount'));
    const whole = await linked({ partial: false });
    await assert.rejects(wallet.payments.pay(whole.url, { amount: 1 }), problem('bill-not-partial'));
  });

  test('an_instalment_whose_answer_was_lost_is_sent_again_and_not_signed_anew', async () => {
    const { url } = await linked();
    city.on('POST', '/payment/authorisations', (asked) => {
      accept(asked);
      return { status: 500, json: {} };
    });
    await assert.rejects(wallet.payments.pay(url, { amount: 4_000 }));
    city.on('POST', '/payment/authorisations', (asked) => accept(asked));

    await wallet.payments.pay(url, { amount: 4_000 });

    assert.equal(new Set(sent.map((request) => request.signature)).size, 1);
  });

  test('a_hold_names_who_captures_it_and_lasts_no_longer_than_it_must', async () => {
    const capturer = `0x${'ef'.repeat(32)}`;

    const held = await wallet.payments.hold(PAYEE, 9_000, { capturer, seconds: 600 });

    const [request] = sent;
    assert.equal(held.state, 'held');
    assert.equal(request!.capturer, capturer);
    assert.equal(request!.bill_hash, `0x${'00'.repeat(32)}`);
    assert.ok(request!.hold_until! <= Date.now() / 1000 + 600);
    assert.ok(request!.valid_before - request!.hold_until! <= 3_600);
    assertSigned(hashOf(request!), request!.signature);
    await wallet.payments.hold(PAYEE, 9_000, { seconds: 600 });
    assert.equal(sent[1]!.capturer, PAYEE);
  });

  test('what_is_held_for_the_wallet_is_captured_with_its_key', async () => {
    const hold = `0x${'12'.repeat(32)}`;
    city.on('GET', `/payment/authorisations/${hold}`, () => ({
      json: { id: hold, state: 'held', capturer: OWN, amount: 900 },
    }));
    let captured: Record<string, unknown> = {};
    city.on('POST', `/payment/authorisations/${hold}/capture`, (asked) => {
      captured = JSON.parse(asked.body);
      return { json: { id: hold, state: 'accepted' } };
    });
    city.on('POST', `/payment/authorisations/${hold}/void`, () => ({
      json: { id: hold, state: 'reversed' },
    }));

    await wallet.payments.capture(hold, 500);

    assert.equal(captured['amount'], 500);
    assertSigned(captureHash({ hold, keyVersion: 1, amount: 500 }), String(captured['signature']));
    assert.equal((await wallet.payments.giveUp(hold)).state, 'reversed');
  });

  test('a_refund_goes_to_who_had_paid_and_signs_what_it_refunds', async () => {
    const payment = `0x${'34'.repeat(32)}`;
    const paid = {
      id: payment,
      state: 'settled',
      from: PAYEE,
      to: OWN,
      amount: 900,
      captured_amount: 700,
      refunded: 200,
    };
    city.on('GET', `/payment/authorisations/${payment}`, () => ({ json: paid }));

    await wallet.payments.refund(payment);

    const [request] = sent;
    assert.equal(request!.to, PAYEE);
    assert.equal(request!.amount, 500);
    assert.equal(request!.refund_of, payment);
    assert.equal(request!.bill_hash, sha256('madang:refund', bytes(payment), bytes(OWN), nonceOf(request!)));
    assertSigned(hashOf(request!), request!.signature);
    paid.refunded = 700;
    await assert.rejects(wallet.payments.refund(payment), problem('nothing-to-refund'));
    paid.state = 'accepted';
    await assert.rejects(wallet.payments.refund(payment, { amount: 1 }), problem('not-settled'));
  });

  test('what_was_signed_and_not_accepted_is_cancelled_with_the_key_and_never_sent_again', async () => {
    const { url } = await linked();
    city.on('POST', '/payment/authorisations', (asked) => {
      accept(asked);
      return { status: 500, json: {} };
    });
    await assert.rejects(wallet.payments.pay(url));
    const [first] = sent;
    const id = sha256(messageOf(SEPARATOR, hashOf(first!)));
    let body: Record<string, unknown> = {};
    city.on('PUT', `/payment/accounts/${OWN}/cancelled-nonces/${first!.nonce}/signature`, (asked) => {
      body = JSON.parse(asked.body);
      return { status: 202, json: { nonce: first!.nonce, on_ledger: 'pending' } };
    });

    const cancelled = await wallet.payments.cancel(id);

    assert.equal(cancelled.on_ledger, 'pending');
    const hash = cancelHash({ account: OWN, keyVersion: 1, nonce: BigInt(first!.nonce) });
    assertSigned(hash, String(body['signature']));
    city.on('POST', '/payment/authorisations', (asked) => accept(asked));
    await wallet.payments.pay(url);
    assert.notEqual(sent.at(-1)!.nonce, first!.nonce);
    await assert.rejects(wallet.payments.cancel(`0x${'99'.repeat(32)}`), problem('no-such-payment'));
  });

  test('a_key_is_replaced_by_one_that_it_names_and_that_is_on_disk_before', async () => {
    let proven: Record<string, unknown> = {};
    let tries = 0;
    city.on('PUT', `/payment/accounts/${OWN}/key`, async (asked) => {
      const { key_version, proof, signature } = JSON.parse(asked.body);
      const header = decodeProtectedHeader(proof);
      await jwtVerify(proof, await importJWK(header.jwk!, 'ES256'), { audience: `${city.origin}/payment` });
      const next = header.jwk as unknown as { x: string; y: string };
      const point = (part: string) => `0x${Buffer.from(part, 'base64url').toString('hex')}`;
      const hash = rotateHash({
        account: OWN,
        keyVersion: key_version,
        newX: point(next.x),
        newY: point(next.y),
      });
      assertSigned(hash, signature);
      assert.ok(await store.read(`next-keys/${OWN}.json`), 'the new key is kept before it is asked for');
      assert.deepEqual({ ...proven, ...header.jwk }, header.jwk, 'trying again goes on with the same key');
      proven = header.jwk as unknown as Record<string, unknown>;
      if (++tries === 1) return { status: 500, json: {} };
      account.key_version = 2;
      return { status: 202, text: '' };
    });
    await assert.rejects(wallet.accounts.rotate(OWN, SUB, 5_000));

    const rotated = await wallet.accounts.rotate(OWN, SUB, 5_000);

    assert.equal(rotated.key_version, 2);
    const { url } = await linked();
    await wallet.payments.pay(url);
    assert.equal(sent[0]!.key_version, 2);
    assertSigned(hashOf(sent[0]!), sent[0]!.signature, proven);
  });

  test('a_recovery_is_vetoed_with_the_key_that_was_thought_lost', async () => {
    const id = randomUUID();
    const recovery = {
      id,
      account: OWN,
      state: 'approved',
      key_version: 1,
      new_key: { x: `0x${'01'.repeat(32)}`, y: `0x${'02'.repeat(32)}` },
      number: 3,
    };
    city.on('GET', '/payment/recoveries', ({ url }) => {
      assert.equal(url.searchParams.get('account'), OWN);
      return { json: { items: [recovery] } };
    });
    city.on('GET', `/payment/recoveries/${id}`, () => ({ json: recovery }));
    let body: Record<string, unknown> = {};
    city.on('POST', `/payment/recoveries/${id}/veto`, (asked) => {
      body = JSON.parse(asked.body);
      return { status: 202, json: recovery };
    });
    const [found] = await wallet.accounts.recoveries(OWN);

    await wallet.accounts.veto(found!.id);

    const { x, y } = recovery.new_key;
    assertSigned(
      vetoHash({ account: OWN, keyVersion: 1, number: 3, newX: x, newY: y }),
      String(body['signature']),
    );
  });

  test('a_new_phone_asks_for_a_key_and_takes_it_into_use_when_the_ledger_has_it', async () => {
    const { wallet: phone } = await city.wallet();
    assert.equal((await phone.accounts.all())[0]!.key_held, false);
    const id = randomUUID();
    let key: Record<string, unknown> = {};
    city.on('POST', `/payment/accounts/${OWN}/recoveries`, (asked) => {
      key = decodeProtectedHeader(JSON.parse(asked.body).proof).jwk as unknown as Record<string, unknown>;
      return { status: 201, json: { id, account: OWN, state: 'requested' } };
    });
    await phone.accounts.recover(OWN, SUB);
    assert.equal((await phone.accounts.all())[0]!.key_held, false);

    account.key_version = 2;

    assert.equal((await phone.accounts.all())[0]!.key_held, true);
    const { url } = await linked();
    await phone.payments.pay(url);
    assertSigned(hashOf(sent[0]!), sent[0]!.signature, key);
  });
});
