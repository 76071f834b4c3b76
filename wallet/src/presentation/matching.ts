import { DcqlQuery, type DcqlCredential } from 'dcql';
import { base64url, fromHex } from '../bytes.js';
import { MDOC, SD_JWT_VC } from '../issuance/formats.js';
import { isExpired, type StoredCredential } from '../issuance/credentials.js';
import { claimsIn } from '../issuance/sd-jwt-vc.js';
import { refuse } from '../problem.js';

/** Which of the person's credentials answers a query, and with which claims. */
export interface Match {
  queryId: string;
  credential: StoredCredential;
  /** Claims path pointers, OpenID4VP 1.0 section 7: the claims asked for and no others. */
  paths: (string | number | null)[][];
}

/** What the person decides about the answer. */
export interface Choice {
  /** Ids of the credentials to answer a query with, by query; without it the newest that satisfies, or all for `multiple`. */
  credentials?: Record<string, string[]> | undefined;
  /** Answer the credential sets that the verifier does not require, too. */
  optional?: boolean | undefined;
}

/** Finds for each credential that the verifier needs what satisfies it. */
export async function match(
  query: DcqlQuery,
  held: StoredCredential[],
  choice: Choice = {},
): Promise<Match[]> {
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
  return wantedIds(query, result, choice.optional ?? false).flatMap((queryId) => {
    const found = result.credential_matches[queryId];
    const asked = query.credentials.find(({ id }) => id === queryId);
    if (!found?.success || !asked)
      throw refuse('no-matching-credential', 'Nothing answers the request', queryId);
    const answers = found.valid_credentials.map(({ input_credential_index, claims }) => ({
      queryId,
      credential: usable[input_credential_index]!,
      paths: pathsOf(asked, claims.valid_claim_sets[0]?.valid_claim_indexes ?? []),
    }));
    return chosenOf(answers, asked.multiple ?? false, choice.credentials?.[queryId]);
  });
}

function chosenOf(answers: Match[], multiple: boolean, ids: string[] | undefined): Match[] {
  if (ids === undefined) return multiple ? answers : answers.slice(0, 1);
  const chosen = answers.filter(({ credential }) => ids.includes(credential.id));
  if (chosen.length !== ids.length || ids.length === 0 || (ids.length > 1 && !multiple))
    throw refuse(
      'no-matching-credential',
      'The chosen credentials do not answer the request',
      ids.join(', '),
    );
  return chosen;
}

/** Of an mdoc the pair of namespace and element. */
function pathsOf(asked: DcqlQuery['credentials'][number], indexes: readonly number[]): Match['paths'] {
  return indexes.map((index) => {
    const claim = asked.claims![index] as {
      path?: Match['paths'][number];
      namespace?: string;
      claim_name?: string;
    };
    return claim.path ?? [claim.namespace!, claim.claim_name!];
  });
}

/** Section 6.4.2: all of them, or of each set the first option that can be met. */
function wantedIds(
  query: DcqlQuery,
  result: ReturnType<typeof DcqlQuery.query>,
  optional: boolean,
): string[] {
  if (!result.credential_sets) return query.credentials.map(({ id }) => id);
  const options = result.credential_sets
    .filter((set) => set.required || optional)
    .map((set) => set.matching_options?.[0] ?? []);
  return [...new Set(options.flat())];
}

async function describe(credential: StoredCredential): Promise<DcqlCredential> {
  const [authority, ...more] = credential.issuer.authorities.map((id) =>
    base64url(fromHex(`0x${id}`, id.length / 2)),
  );
  const common = {
    cryptographic_holder_binding: true,
    ...(authority
      ? { authority: { type: 'aki' as const, values: [authority, ...more] as [string, ...string[]] } }
      : {}),
  };
  if (credential.format === MDOC) {
    const namespaces = credential.claims as Record<string, Record<string, unknown>>;
    return { ...common, credential_format: MDOC, doctype: credential.doctype!, namespaces };
  }
  const claims = (await claimsIn(credential.copies[0]!.credential)) as Record<string, never>;
  return { ...common, credential_format: SD_JWT_VC, vct: credential.vct!, claims };
}
