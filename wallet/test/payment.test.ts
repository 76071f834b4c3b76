import assert from 'node:assert/strict';
import { createHash, createPublicKey, randomBytes, randomUUID, verify } from 'node:crypto';
import { decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { after, before, beforeEach, describe, test } from 'node:test';
import { billHash } from '../src/payment/bills.js';
import { domainSeparator, messageOf, structHash } from '../src/payment/eip712.js';
import type { AuthorisationRequest } from '../src/payment/pay.js';
import type { Wallet } from '../src/wallet.js';
import type { FileStore } from '../src/store/file-store.js';
import { City } from './city.js';

const SUB = '11111111-2222-3333-4444-555555555555';
const DOMAIN = {
  name: 'Madang Ledger',
  version: '1',
  chain_id: 31_337,
  verifying_contract: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
};
const PAYEE = `0x${'ab'.repeat(32)}`;
const problem = (slug: string) => ({ type: `urn:madang:problem:wallet-${slug}` });

test('a_bill_hash_is_that_of_its_canonical_json', async () => {
  const salt = Buffer.alloc(32, 7);
  const canonical = `{"amount":12000,"bill":"5d3f","currency":"KRW","payee":"${PAYEE}"}`;
  const expected = `0x${createHash('sha256').update(salt).update(canonical).digest('hex')}`;
  const bill = {
    payee: PAYEE,
    currency: 'KRW',
    id: '5d3f',
    amount: 12000,
    salt: `0x${salt.toString('hex')}`,
  };
  assert.equal(await billHash(bill), expected);
});

describe('payment', () => {
  let city: City;
  let wallet: Wallet;
  let store: FileStore;
  let home: string;
  let sent: AuthorisationRequest[];
  let jwk: Record<string, unknown>;
  const account = {
    id: `0x${'cd'.repeat(32)}`,
    state: 'active',
    key_version: 3,
    balance: 50_000,
    available: 50_000,
  };

  before(async () => void (city = await City.start()));
  after(() => city.stop());
  beforeEach(async () => {
    ({ wallet, store, home } = await city.wallet());
    sent = [];
    city.on('GET', '/payment/ledger', () => ({
      json: { ...DOMAIN, domain_separator: domainSeparator(DOMAIN) },
    }));
    city.on('GET', '/payment/accounts', () => ({ json: { items: [account] } }));
    city.on('POST', '/payment/accounts', async (asked) => {
      const { proof } = JSON.parse(asked.body);
      const header = decodeProtectedHeader(proof);
      assert.equal(header.typ, 'madang-account+jwt');
      jwk = header.jwk as unknown as Record<string, unknown>;
      assert.equal(jwk['d'], undefined, 'the private half stays');
      const { payload } = await jwtVerify(proof, await importJWK(header.jwk!, 'ES256'), {
        audience: `${city.origin}/payment`,
      });
      assert.equal(payload.sub, SUB);
      assert.ok(payload.jti && Math.abs(payload.iat! - Date.now() / 1000) < 5);
      return { status: 201, json: account };
    });
    city.on('POST', '/payment/authorisations', (asked) => accept(JSON.parse(asked.body)));
  });

  function accept(request: AuthorisationRequest) {
    sent.push(request);
    return { status: 201, json: { id: idOf(request), state: 'accepted' } };
  }

  function messageFor(request: AuthorisationRequest) {
    return messageOf(
      domainSeparator(DOMAIN),
      structHash({
        from: request.from,
        keyVersion: request.key_version,
        to: request.to,
        amount: request.amount,
        billHash: request.bill_hash,
        nonce: BigInt(request.nonce),
        validAfter: request.valid_after,
        validBefore: request.valid_before,
      }),
    );
  }

  const idOf = (request: AuthorisationRequest) =>
    `0x${createHash('sha256').update(messageFor(request)).digest('hex')}`;

  async function bill(changes: Record<string, unknown> = {}): Promise<string> {
    const content = {
      id: randomUUID(),
      amount: 12_000,
      currency: 'KRW',
      payee: PAYEE,
      salt: `0x${randomBytes(32).toString('hex')}`,
    };
    const whole = {
      ...content,
      state: 'open',
      payee_agency: 'transport',
      title: 'Permit',
      bill_hash: await billHash(content),
      ...changes,
    };
    city.on('GET', `/payment/bills/${content.id}`, () => ({ json: whole }));
    return content.id;
  }

  test('a_payment_is_signed_by_the_accounts_key_over_the_ledgers_message', async () => {
    await wallet.accounts.open(SUB);
    const paid = await wallet.payments.pay(await bill());
    const [request] = sent;
    assert.equal(paid.id, idOf(request!));
    assert.equal(request!.key_version, 3);
    assert.equal(request!.to, PAYEE);
    assert.ok(request!.valid_after < Date.now() / 1000 && request!.valid_before > Date.now() / 1000 + 600);
    const key = {
      key: createPublicKey({ key: jwk as never, format: 'jwk' }),
      dsaEncoding: 'ieee-p1363' as const,
    };
    assert.ok(verify('sha256', messageFor(request!), key, Buffer.from(request!.signature, 'base64url')));
  });

  test('trying_again_sends_the_same_authorisation_also_from_a_new_process', async () => {
    await wallet.accounts.open(SUB);
    const id = await bill();
    let calls = 0;
    city.on('POST', '/payment/authorisations', (asked) => {
      const answer = accept(JSON.parse(asked.body));
      return ++calls < 3 ? (calls === 1 ? 'drop' : { status: 504 }) : answer;
    });
    await wallet.payments.pay(id);
    const { wallet: reloaded } = await city.wallet(home);
    await reloaded.payments.pay(id);
    assert.equal(sent.length, 4);
    assert.equal(new Set(sent.map((request) => JSON.stringify(request))).size, 1);
  });

  test('an_authorisation_is_on_disk_before_it_is_sent', async () => {
    await wallet.accounts.open(SUB);
    const id = await bill();
    let onDisk: string | undefined;
    city.on('POST', '/payment/authorisations', async (asked) => {
      onDisk = await store.read(`authorisations/${id}.0001.json`);
      return accept(JSON.parse(asked.body));
    });
    await wallet.payments.pay(id);
    assert.deepEqual(JSON.parse(onDisk!).request, sent[0]);
    assert.equal(JSON.parse(onDisk!).state, 'signed');
  });

  test('many_at_once_send_one_authorisation', async () => {
    await wallet.accounts.open(SUB);
    const id = await bill();
    const { wallet: other } = await city.wallet(home);
    await Promise.all([wallet, other, wallet, other].map((each) => each.payments.pay(id)));
    assert.equal(new Set(sent.map((request) => request.nonce)).size, 1);
  });

  test('a_second_different_authorisation_is_signed_only_when_asked_for', async () => {
    await wallet.accounts.open(SUB);
    const id = await bill({ state: 'paid' });
    await assert.rejects(wallet.payments.pay(id), problem('bill-paid'));
    const refusal = { type: 'urn:madang:problem:bill-paid', title: 'The bill is paid', status: 409 };
    city.on('POST', '/payment/authorisations', (asked) => {
      accept(JSON.parse(asked.body));
      return {
        status: 409,
        headers: { 'content-type': 'application/problem+json' },
        text: JSON.stringify(refusal),
      };
    });
    await assert.rejects(wallet.payments.pay(id, { forceNew: true }), { type: refusal.type, status: 409 });
    await assert.rejects(wallet.payments.pay(id, { forceNew: true }), { type: refusal.type, status: 409 });
    assert.equal(new Set(sent.map((request) => request.nonce)).size, 2);
  });

  test('a_reversed_authorisation_is_followed_by_a_new_one', async () => {
    await wallet.accounts.open(SUB);
    const id = await bill();
    const first = await wallet.payments.pay(id);
    city.on('GET', `/payment/authorisations/${first.id}`, () => ({
      json: { id: first.id, state: 'reversed' },
    }));
    const second = await wallet.payments.pay(id);
    assert.notEqual(second.id, first.id);
  });

  test('a_bill_or_a_ledger_that_does_not_match_its_hash_is_not_signed', async () => {
    await wallet.accounts.open(SUB);
    for (const changes of [
      { amount: 12_001 },
      { payee: `0x${'ac'.repeat(32)}` },
      { salt: `0x${'00'.repeat(32)}` },
      { currency: 'USD' },
    ]) {
      await assert.rejects(wallet.payments.pay(await bill(changes)), problem('bad-bill'));
    }
    const other = { ...DOMAIN, chain_id: 1 };
    city.on('GET', '/payment/ledger', () => ({
      json: { ...DOMAIN, domain_separator: domainSeparator(other) },
    }));
    await assert.rejects(wallet.payments.pay(await bill()), problem('bad-ledger'));
    assert.equal(sent.length, 0);
    assert.deepEqual(await store.list('authorisations'), []);
  });

  test('an_account_of_which_the_key_is_elsewhere_is_not_paid_from', async () => {
    await assert.rejects(wallet.payments.pay(await bill()), problem('no-account'));
    assert.deepEqual(
      (await wallet.accounts.all()).map((each) => each.key_held),
      [false],
    );
  });
});
