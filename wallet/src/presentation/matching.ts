import { DcqlQuery, type DcqlCredential } from 'dcql';
import { base64url, fromHex } from '../bytes.js';
import { isExpired, type StoredCredential } from '../issuance/credentials.js';
import { claimsIn, FORMAT } from '../issuance/sd-jwt-vc.js';
import { refuse } from '../problem.js';

/** Which of the person's credentials answers a query, and with which claims. */
export interface Match {
  queryId: string;
  credential: StoredCredential;
  /** Claims path pointers, OpenID4VP 1.0 section 7: the claims asked for and no others. */
  paths: (string | number | null)[][];
}

/** Finds for each credential that the verifier needs the newest one that satisfies it. */
export async function match(query: DcqlQuery, held: StoredCredential[]): Promise<Match[]> {
  const usable = held.filter((credential) => !isExpired(credential));
  const result = DcqlQuery.query(query, await Promise.all(usable.map(describe)));
  if (!result.can_be_satisfied) {
    const missing = query.credentials.filter(({ id }) => !result.credential_matches[id]?.success);
    throw refuse(
      'no-matching-credential',
      'The wallet holds nothing that answers the request',
      missing.map(({ id }) => id).join(', '),
    );
  }
  return wantedIds(query, result).map((queryId) => {
    const found = result.credential_matches[queryId];
    const asked = query.credentials.find(({ id }) => id === queryId);
    if (!found?.success || !asked)
      throw refuse('no-matching-credential', 'Nothing answers the request', queryId);
    const best = found.valid_credentials[0];
    const indexes = best.claims.valid_claim_sets[0]?.valid_claim_indexes ?? [];
    const paths = indexes.map((index) => (asked.claims![index] as { path: (string | number | null)[] }).path);
    return { queryId, credential: usable[best.input_credential_index]!, paths };
  });
}

/** Section 6.4.2: all of them, or of each required set the first option that can be met. */
function wantedIds(query: DcqlQuery, result: ReturnType<typeof DcqlQuery.query>): string[] {
  if (!result.credential_sets) return query.credentials.map(({ id }) => id);
  const options = result.credential_sets
    .filter((set) => set.required)
    .map((set) => set.matching_options?.[0] ?? []);
  return [...new Set(options.flat())];
}

async function describe(credential: StoredCredential): Promise<DcqlCredential> {
  const [authority, ...more] = credential.issuer.authorities.map((id) =>
    base64url(fromHex(`0x${id}`, id.length / 2)),
  );
  return {
    credential_format: FORMAT,
    vct: credential.vct,
    claims: (await claimsIn(credential.credential)) as Record<string, never>,
    cryptographic_holder_binding: true,
    ...(authority
      ? { authority: { type: 'aki' as const, values: [authority, ...more] as [string, ...string[]] } }
      : {}),
  };
}
