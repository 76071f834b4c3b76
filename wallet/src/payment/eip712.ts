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

const DOMAIN_TYPE = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)';
const PAY_TYPE =
  'Pay(bytes32 from,uint32 keyVersion,bytes32 to,uint64 amount,bytes32 billHash,uint256 nonce,uint64 validAfter,uint64 validBefore)';

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
  const encoded = concat(
    keccak_256(utf8(PAY_TYPE)),
    fromHex(pay.from, 32),
    word(BigInt(pay.keyVersion), 32),
    fromHex(pay.to, 32),
    word(BigInt(pay.amount), 64),
    fromHex(pay.billHash, 32),
    word(pay.nonce, 256),
    word(BigInt(pay.validAfter), 64),
    word(BigInt(pay.validBefore), 64),
  );
  return `0x${hex(keccak_256(encoded))}`;
}

/** The 66 bytes that the holder's key signs: `0x1901 ‖ domainSeparator ‖ structHash`. */
export function messageOf(separator: string, pay: Pay): Bytes {
  return concat(Uint8Array.of(0x19, 0x01), fromHex(separator, 32), fromHex(structHash(pay), 32));
}

/** The authorisation's id: SHA-256 of the signed message, `0x`-hex. */
export async function authorisationId(message: Uint8Array): Promise<string> {
  return `0x${hex(await sha256(message))}`;
}

function word(value: bigint, bits: number): Bytes {
  if (value < 0n || value >= 1n << BigInt(bits)) throw new RangeError(`not a uint${bits}: ${value}`);
  return fromHex(`0x${value.toString(16).padStart(64, '0')}`, 32);
}
