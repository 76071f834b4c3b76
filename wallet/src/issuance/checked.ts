import { refuse } from '../problem.js';
import type { TrustAnchors } from '../trust/certificate-chain.js';
import type { CredentialFormat } from './formats.js';

/** Where in a status list the issuer keeps a credential's status. */
export interface StatusReference {
  uri: string;
  idx: number;
}

/** What a credential says, once it is known to hold. */
export interface CheckedCredential {
  format: CredentialFormat;
  /** Type of an SD-JWT VC. */
  vct?: string;
  /** Type of an mdoc. */
  doctype?: string;
  /** All that the credential can disclose; of an mdoc the elements by namespace. */
  claims: Record<string, unknown>;
  /** Names of the claims that are disclosed only when asked for. */
  selective: string[];
  issuer: { name: string; subject: string; authorities: string[] };
  /** Unix seconds. */
  issuedAt?: number;
  expiresAt?: number;
}

/** One copy of a credential: the same claims, another key, another place in the status list. */
export interface CheckedCopy extends CheckedCredential {
  /** Name of the wallet's key that it is bound to. */
  key: string;
  status?: StatusReference;
  /** `vct#integrity` of an SD-JWT VC. */
  integrity?: string;
}

/** What a credential is held against. */
export interface Expected {
  format: CredentialFormat;
  /** vct or doctype that the issuer's metadata names. */
  type: string;
  /** Names (thumbprints) of the keys that the wallet proved. */
  keys: readonly string[];
  /** Credential issuer identifier. */
  issuer: string;
  anchors: TrustAnchors;
  /** Roots of the issuer's document signers, if it has any; asked for when the anchors do not know who signed an mdoc. */
  iacas: () => Promise<TrustAnchors | undefined>;
}

/** `status_list` of a `status` claim (Token Status List, section 6). */
export function statusIn(status: unknown): StatusReference | undefined {
  const list = (status as { status_list?: { uri?: unknown; idx?: unknown } } | undefined)?.status_list;
  if (list === undefined) return undefined;
  const { uri, idx } = list;
  if (typeof uri !== 'string' || !Number.isSafeInteger(idx) || (idx as number) < 0)
    throw badCredential('its status is malformed');
  return { uri, idx: idx as number };
}

export function badCredential(reason: string, cause?: unknown) {
  return refuse('bad-credential', 'The credential does not hold', reason, cause);
}
