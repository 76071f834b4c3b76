import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat, fromHex, hex, sha256, utf8, type Bytes } from '../bytes.js';

/** The ledger's EIP-712 domain, as `GET /payment/ledger` publishes it. */
export interface LedgerDomain {
  name: string;
  version: string;
  chain_id: number;
  /** `0x` and 40 hex digits. */
  verifying_contract: string;
}

/** What the holder signs: `Pay` of the ledger's messages. Amount in won, times in unix seconds. */
export interface Pay {
  from: string;
  keyVersion: number;
  to: string;
  amount: number;
  billHash: string;
  nonce: bigint;
  validAfter: number;
  validBefore: number;
}

/** What the holder signs to have money held: `Hold`. Whoever has the capturer's key takes up to `maxAmount` of it, once. */
export interface Hold extends Omit<Pay, 'amount'> {
  capturer: string;
  maxAmount: number;
}

/** What the capturer signs to take of a hold: `Capture`. */
export interface Capture {
  hold: string;
  keyVersion: number;
  amount: number;
}

/** What the holder signs to give up a nonce on the ledger: `CancelNonce`. */
export interface CancelNonce {
  account: string;
  keyVersion: number;
  nonce: bigint;
}

/** What the present key signs to name the next: `RotateKey`. */
export interface RotateKey {
  account: string;
  keyVersion: number;
  newX: string;
  newY: string;
}

/** What the present key signs to stop its replacement: `VetoRecovery`. */
export interface VetoRecovery extends RotateKey {
  number: number;
}

const DOMAIN_TYPE = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)';
const PAY_TYPE =
  'Pay(bytes32 from,uint32 keyVersion,bytes32 to,uint64 amount,bytes32 billHash,uint256 nonce,uint64 validAfter,uint64 validBefore)';
const HOLD_TYPE =
  'Hold(bytes32 from,uint32 keyVersion,bytes32 to,bytes32 capturer,uint64 maxAmount,bytes32 billHash,uint256 nonce,uint64 validAfter,uint64 validBefore)';
const CAPTURE_TYPE = 'Capture(bytes32 hold,uint32 keyVersion,uint64 amount)';
const CANCEL_TYPE = 'CancelNonce(bytes32 account,uint32 keyVersion,uint256 nonce)';
const ROTATE_TYPE = 'RotateKey(bytes32 account,uint32 keyVersion,uint256 newX,uint256 newY)';
const VETO_TYPE = 'VetoRecovery(bytes32 account,uint32 keyVersion,uint32 number,uint256 newX,uint256 newY)';

/** EIP-712 `domainSeparator`, `0x`-hex. */
export function domainSeparator(domain: LedgerDomain): string {
  const encoded = concat(
    keccak_256(utf8(DOMAIN_TYPE)),
    keccak_256(utf8(domain.name)),
    keccak_256(utf8(domain.version)),
    word(BigInt(domain.chain_id), 256),
    concat(new Uint8Array(12), fromHex(domain.verifying_contract, 20)),
  );
  return `0x${hex(keccak_256(encoded))}`;
}

/** EIP-712 `hashStruct(Pay)`, `0x`-hex. */
export function structHash(pay: Pay): string {
  return hashOf(
    PAY_TYPE,
    fromHex(pay.from, 32),
    word(BigInt(pay.keyVersion), 32),
    fromHex(pay.to, 32),
    word(BigInt(pay.amount), 64),
    fromHex(pay.billHash, 32),
    word(pay.nonce, 256),
    word(BigInt(pay.validAfter), 64),
    word(BigInt(pay.validBefore), 64),
  );
}

/** EIP-712 `hashStruct(Hold)`, `0x`-hex. */
export function holdHash(hold: Hold): string {
  return hashOf(
    HOLD_TYPE,
    fromHex(hold.from, 32),
    word(BigInt(hold.keyVersion), 32),
    fromHex(hold.to, 32),
    fromHex(hold.capturer, 32),
    word(BigInt(hold.maxAmount), 64),
    fromHex(hold.billHash, 32),
    word(hold.nonce, 256),
    word(BigInt(hold.validAfter), 64),
    word(BigInt(hold.validBefore), 64),
  );
}

/** EIP-712 `hashStruct(Capture)`, `0x`-hex. */
export function captureHash(capture: Capture): string {
  return hashOf(
    CAPTURE_TYPE,
    fromHex(capture.hold, 32),
    word(BigInt(capture.keyVersion), 32),
    word(BigInt(capture.amount), 64),
  );
}

/** EIP-712 `hashStruct(CancelNonce)`, `0x`-hex. */
export function cancelHash(cancel: CancelNonce): string {
  return hashOf(
    CANCEL_TYPE,
    fromHex(cancel.account, 32),
    word(BigInt(cancel.keyVersion), 32),
    word(cancel.nonce, 256),
  );
}

/** EIP-712 `hashStruct(RotateKey)`, `0x`-hex. */
export function rotateHash(rotate: RotateKey): string {
  return hashOf(
    ROTATE_TYPE,
    fromHex(rotate.account, 32),
    word(BigInt(rotate.keyVersion), 32),
    fromHex(rotate.newX, 32),
    fromHex(rotate.newY, 32),
  );
}

/** EIP-712 `hashStruct(VetoRecovery)`, `0x`-hex. */
export function vetoHash(veto: VetoRecovery): string {
  return hashOf(
    VETO_TYPE,
    fromHex(veto.account, 32),
    word(BigInt(veto.keyVersion), 32),
    word(BigInt(veto.number), 32),
    fromHex(veto.newX, 32),
    fromHex(veto.newY, 32),
  );
}

function hashOf(type: string, ...members: Bytes[]): string {
  return `0x${hex(keccak_256(concat(keccak_256(utf8(type)), ...members)))}`;
}

/** The 66 bytes that a key signs: `0x1901 ‖ domainSeparator ‖ structHash`. */
export function messageOf(separator: string, structHash: string): Bytes {
  return concat(Uint8Array.of(0x19, 0x01), fromHex(separator, 32), fromHex(structHash, 32));
}

/** The authorisation's id: SHA-256 of the signed message, `0x`-hex. */
export async function authorisationId(message: Uint8Array): Promise<string> {
  return `0x${hex(await sha256(message))}`;
}

function word(value: bigint, bits: number): Bytes {
  if (value < 0n || value >= 1n << BigInt(bits)) throw new RangeError(`not a uint${bits}: ${value}`);
  return fromHex(`0x${value.toString(16).padStart(64, '0')}`, 32);
}
