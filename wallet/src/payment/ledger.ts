import { base64url } from '../bytes.js';
import type { Api } from '../http/api.js';
import { sign, withLowS, type PrivateKey } from '../keys/p256.js';
import { refuse } from '../problem.js';
import { domainSeparator, messageOf, type LedgerDomain } from './eip712.js';

/** The separator is computed here, and must be what the ledger says that it signs under. */
export async function separatorOf(api: Api): Promise<string> {
  const ledger = await api.getPublic<LedgerDomain & { domain_separator: string }>('/payment/ledger');
  const separator = domainSeparator(ledger);
  if (
    ledger.name !== 'Madang Ledger' ||
    ledger.version !== '1' ||
    separator !== ledger.domain_separator.toLowerCase()
  ) {
    throw refuse('bad-ledger', 'The ledger does not publish the domain that it signs under');
  }
  return separator;
}

/** A key's signature over one of the ledger's messages, base64url of r‖s. */
export async function signatureOf(key: PrivateKey, separator: string, structHash: string): Promise<string> {
  return base64url(withLowS(await sign(key, messageOf(separator, structHash))));
}
