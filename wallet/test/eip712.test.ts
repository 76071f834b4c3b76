import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify as nodeVerify } from 'node:crypto';
import { test } from 'node:test';
import {
  concat as viemConcat,
  domainSeparator as viemSeparator,
  hashStruct,
  hashTypedData,
  keccak256,
  type Hex,
} from 'viem';
import { generateKey, publicKeyOf, sign, withLowS } from '../src/keys/p256.js';
import { hex } from '../src/bytes.js';
import {
  authorisationId,
  cancelHash,
  captureHash,
  domainSeparator,
  holdHash,
  messageOf,
  rotateHash,
  structHash,
  vetoHash,
  type Pay,
} from '../src/payment/eip712.js';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const types = {
  Pay: [
    { name: 'from', type: 'bytes32' },
    { name: 'keyVersion', type: 'uint32' },
    { name: 'to', type: 'bytes32' },
    { name: 'amount', type: 'uint64' },
    { name: 'billHash', type: 'bytes32' },
    { name: 'nonce', type: 'uint256' },
    { name: 'validAfter', type: 'uint64' },
    { name: 'validBefore', type: 'uint64' },
  ],
} as const;
const EIP712Domain = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
] as const;

const bytes32 = (seed: string) => `0x${createHash('sha256').update(seed).digest('hex')}` as Hex;

const VECTORS: Pay[] = [
  {
    from: bytes32('a'),
    keyVersion: 1,
    to: bytes32('b'),
    amount: 12_000,
    billHash: bytes32('c'),
    nonce: 7n,
    validAfter: 1_795_000_000,
    validBefore: 1_795_003_600,
  },
  {
    from: bytes32('d'),
    keyVersion: 4_294_967_295,
    to: bytes32('e'),
    amount: 1_000_000_000_000,
    billHash: `0x${'00'.repeat(32)}`,
    nonce: 2n ** 256n - 1n,
    validAfter: 0,
    validBefore: 2 ** 40,
  },
  {
    from: `0x${'ff'.repeat(32)}`,
    keyVersion: 0,
    to: `0x${'00'.repeat(31)}01`,
    amount: 1,
    billHash: bytes32('f'),
    nonce: (0x1234n << 8n) | 0xffn,
    validAfter: 1,
    validBefore: 2,
  },
];

for (const [chainId, contract] of [
  [31_337, '0x5fbdb2315678afecb367f032d93f642f64180aa3'],
  [2_026, '0xCf7Ed3AccA5a467e9e704C703E8D87F634fB0Fc9'],
] as const) {
  test(`the_hashes_of_a_payment_are_those_of_an_independent_implementation_on_chain_${chainId}`, async () => {
    const domain = { name: 'Madang Ledger', version: '1', chainId, verifyingContract: contract };
    const separator = domainSeparator({
      name: domain.name,
      version: domain.version,
      chain_id: chainId,
      verifying_contract: contract,
    });
    assert.equal(separator, viemSeparator({ domain }));
    assert.equal(
      separator,
      hashStruct({ data: domain, primaryType: 'EIP712Domain', types: { EIP712Domain } } as never),
    );
    for (const pay of VECTORS) {
      const message = {
        ...pay,
        from: pay.from as Hex,
        to: pay.to as Hex,
        billHash: pay.billHash as Hex,
        amount: BigInt(pay.amount),
        validAfter: BigInt(pay.validAfter),
        validBefore: BigInt(pay.validBefore),
      };
      assert.equal(structHash(pay), hashStruct({ data: message, primaryType: 'Pay', types } as never));
      const signed = messageOf(separator, structHash(pay));
      assert.equal(signed.length, 66);
      assert.equal(keccak256(signed), hashTypedData({ domain, types, primaryType: 'Pay', message }));
      assert.equal(`0x${hex(signed)}`, viemConcat(['0x1901', separator as Hex, structHash(pay) as Hex]));
      assert.equal(await authorisationId(signed), `0x${createHash('sha256').update(signed).digest('hex')}`);
    }
  });
}

test('the_hashes_of_the_other_messages_are_those_of_an_independent_implementation', () => {
  const bytes = (name: string) => ({ name, type: 'bytes32' }) as const;
  const number = (name: string, bits: number) => ({ name, type: `uint${bits}` }) as const;
  const others = {
    Hold: [
      bytes('from'),
      number('keyVersion', 32),
      bytes('to'),
      bytes('capturer'),
      number('maxAmount', 64),
      bytes('billHash'),
      number('nonce', 256),
      number('validAfter', 64),
      number('validBefore', 64),
    ],
    Capture: [bytes('hold'), number('keyVersion', 32), number('amount', 64)],
    CancelNonce: [bytes('account'), number('keyVersion', 32), number('nonce', 256)],
    RotateKey: [bytes('account'), number('keyVersion', 32), number('newX', 256), number('newY', 256)],
    VetoRecovery: [
      bytes('account'),
      number('keyVersion', 32),
      number('number', 32),
      number('newX', 256),
      number('newY', 256),
    ],
  };
  const independent = (primaryType: keyof typeof others, data: Record<string, unknown>) =>
    hashStruct({ data, primaryType, types: others } as never);
  for (const { amount, ...pay } of VECTORS) {
    const hold = { ...pay, capturer: bytes32('g'), maxAmount: amount };
    const keys = {
      account: bytes32('h'),
      keyVersion: pay.keyVersion,
      newX: bytes32('x'),
      newY: bytes32('y'),
    };
    const capture = { hold: bytes32('i'), keyVersion: pay.keyVersion, amount };
    const cancel = { account: bytes32('j'), keyVersion: pay.keyVersion, nonce: pay.nonce };
    const points = { ...keys, newX: BigInt(keys.newX), newY: BigInt(keys.newY) };
    assert.equal(holdHash(hold), independent('Hold', hold));
    assert.equal(captureHash(capture), independent('Capture', capture));
    assert.equal(cancelHash(cancel), independent('CancelNonce', cancel));
    assert.equal(rotateHash(keys), independent('RotateKey', points));
    assert.equal(vetoHash({ ...keys, number: 3 }), independent('VetoRecovery', { ...points, number: 3 }));
  }
});

test('a_value_that_does_not_fit_its_type_is_refused', () => {
  const [pay] = VECTORS;
  for (const wrong of [
    { keyVersion: 2 ** 32 },
    { amount: -1 },
    { nonce: 2n ** 256n },
    { validAfter: -1 },
    { from: '0x01' },
    { billHash: '' },
  ]) {
    assert.throws(() => structHash({ ...pay!, ...wrong }), RangeError);
  }
});

test('a_signature_verifies_elsewhere_and_has_the_smaller_s', async () => {
  const key = await generateKey();
  const elsewhere = createPublicKey({ key: publicKeyOf(key) as never, format: 'jwk' });
  for (let round = 0; round < 20; round++) {
    const message = messageOf(bytes32('domain'), structHash({ ...VECTORS[0]!, nonce: BigInt(round) }));
    const signature = withLowS(await sign(key, message));
    assert.equal(signature.length, 64);
    assert.ok(BigInt(`0x${hex(signature.slice(32))}`) <= ORDER / 2n);
    assert.ok(nodeVerify('sha256', message, { key: elsewhere, dsaEncoding: 'ieee-p1363' }, signature));
  }
});
