import { concat, fromHex, hex, sha256, utf8 } from '../bytes.js';

/** `billHash` of a part of a bill: SHA-256( `madang:instalment` ‖ the bill's hash ‖ payer's account ‖ nonce ), `0x`-hex. */
export function instalmentHash(billHash: string, from: string, nonce: bigint): Promise<string> {
  return reference('madang:instalment', billHash, from, nonce);
}

/** `billHash` of a payment back: SHA-256( `madang:refund` ‖ id of the payment ‖ payer's account ‖ nonce ), `0x`-hex. */
export function refundHash(payment: string, from: string, nonce: bigint): Promise<string> {
  return reference('madang:refund', payment, from, nonce);
}

async function reference(label: string, of: string, from: string, nonce: bigint): Promise<string> {
  const number = fromHex(`0x${nonce.toString(16).padStart(64, '0')}`, 32);
  return `0x${hex(await sha256(concat(utf8(label), fromHex(of, 32), fromHex(from, 32), number)))}`;
}
