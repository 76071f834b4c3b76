import { parseTransactionData } from '@openid4vc/openid4vp';
import { base64url, sha256, utf8 } from '../bytes.js';
import { SD_JWT_VC } from '../issuance/formats.js';
import type { Match } from './matching.js';
import { badRequest } from './verifier.js';

const ENTRIES_MAX = 20;
const ENTRY_LENGTH_MAX = 64 * 1024;
const HASH = 'sha-256';

/** One thing that the person is asked to confirm by presenting (OpenID4VP 1.0 section 8.4). */
export interface TransactionData {
  type: string;
  /** All that the verifier wrote, to be shown to the person. */
  content: Record<string, unknown>;
  /** Queries of the credentials that may confirm it. */
  credentialIds: string[];
  /** As it stands in the request; its hash is over this text. */
  encoded: string;
}

/** Reads the entries of a request; what the wallet could not show, or not hash, it refuses. */
export function transactionDataIn(
  entries: string[] | undefined,
  queries: readonly string[],
): TransactionData[] {
  if (entries === undefined) return [];
  if (entries.length > ENTRIES_MAX || entries.some((each) => each.length > ENTRY_LENGTH_MAX))
    throw badRequest('its transaction data are too long');
  return parseTransactionData({ transactionData: entries }).map(({ transactionData, encoded }) => {
    const { type, credential_ids, transaction_data_hashes_alg: algorithms, ...content } = transactionData;
    if (algorithms && !algorithms.includes(HASH))
      throw badRequest(`transaction data hashed with ${algorithms.join(', ')}`);
    if (!credential_ids.every((id) => queries.includes(id)))
      throw badRequest('its transaction data name a credential that it does not ask for');
    return { type, content, credentialIds: [...credential_ids], encoded };
  });
}

/** Which query's presentation confirms each entry: the first that is answered, in a format that can carry it. */
export function confirming(data: TransactionData[], matches: Match[]): Map<string, TransactionData[]> {
  const chosen = new Map<string, TransactionData[]>();
  for (const entry of data) {
    const able = matches
      .filter(({ credential }) => credential.format === SD_JWT_VC)
      .map(({ queryId }) => queryId);
    const id = entry.credentialIds.find((each) => able.includes(each));
    if (id === undefined) throw badRequest('no credential that answers it can confirm its transaction data');
    chosen.set(id, [...(chosen.get(id) ?? []), entry]);
  }
  return chosen;
}

/** Members of a key binding JWT that confirm the entries (appendix B.3.3.1). */
export async function hashesOf(data: TransactionData[]): Promise<Record<string, unknown>> {
  if (data.length === 0) return {};
  const hashes = await Promise.all(data.map(async ({ encoded }) => base64url(await sha256(utf8(encoded)))));
  return { transaction_data_hashes: hashes, transaction_data_hashes_alg: HASH };
}
