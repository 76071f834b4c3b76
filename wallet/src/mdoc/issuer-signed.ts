import { cborDecode, cborEncode, CoseKey, DataItem, DateOnly, IssuerAuth, Sign1 } from '@owf/mdoc';
import { base64url, fromBase64, hex } from '../bytes.js';
import type { PublicKey } from '../keys/p256.js';
import { reasonOf, refuse } from '../problem.js';
import { MDOC_CONTEXT } from './context.js';

/** Longest mdoc that is read, base64url characters; a portrait fits. */
const LENGTH_MAX = 1024 * 1024;
const ELEMENTS_MAX = 500;

/** One element of an mdoc, with the bytes that its digest is over: they are never encoded anew. */
export interface Element {
  namespace: string;
  name: string;
  value: unknown;
  item: DataItem;
}

/** An `IssuerSigned` (ISO/IEC 18013-5 section 8.3.2.1.2.2) as it was received. */
export interface IssuerSignedParts {
  elements: Element[];
  auth: IssuerAuth;
  /** COSE_Sign1 as four members. */
  authParts: unknown;
}

/** Reads the base64url text that OpenID4VCI carries an mdoc in. */
export function readIssuerSigned(text: string): IssuerSignedParts {
  if (text.length > LENGTH_MAX || !/^[A-Za-z0-9_-]+=*$/.test(text))
    throw badMdoc('it is not base64url, or too long');
  try {
    const raw = cborDecode<Map<string, unknown>>(fromBase64(text));
    const signature = raw.get('issuerAuth');
    const authParts = signature instanceof Sign1 ? signature.encodedStructure : signature;
    const auth = IssuerAuth.fromEncodedStructure(authParts as never);
    const elements: Element[] = [];
    for (const [namespace, items] of (raw.get('nameSpaces') as Map<string, DataItem[]> | undefined) ??
      new Map())
      for (const item of items as DataItem[]) elements.push(elementIn(namespace as string, item));
    if (elements.length > ELEMENTS_MAX) throw badMdoc('it has too many elements');
    return { elements, auth, authParts };
  } catch (error) {
    throw refuse('bad-credential', 'The mdoc cannot be read', reasonOf(error).slice(0, 300), error);
  }
}

function elementIn(namespace: string, item: DataItem): Element {
  const content = item.data as Map<string, unknown>;
  const name = content.get('elementIdentifier');
  if (!(item instanceof DataItem) || typeof name !== 'string' || !content.has('elementValue'))
    throw badMdoc('an element is malformed');
  return { namespace, name, value: content.get('elementValue'), item };
}

/** Certificates of the issuer, leaf first, as `x5c` has them. */
export function chainOf(auth: IssuerAuth): string[] {
  return (auth.x5chain ?? []).map((der) => btoa(String.fromCharCode(...der)));
}

/** Checks the issuer's signature with `key`, and that every element has its digest. */
export async function checkSigned({ auth, elements }: IssuerSignedParts, key: PublicKey): Promise<void> {
  const signer = CoseKey.fromJwk({ ...key });
  if (!(await MDOC_CONTEXT.cose.sign1.verify({ sign1: auth, key: signer })))
    throw badMdoc("the issuer's signature is wrong");
  const { digestAlgorithm, valueDigests } = auth.mobileSecurityObject;
  const seen = new Set<string>();
  for (const { namespace, name, item } of elements) {
    const id = (item.data as Map<string, unknown>).get('digestID') as number;
    const digest = await MDOC_CONTEXT.crypto.digest({ digestAlgorithm, bytes: cborEncode(item) });
    const expected = valueDigests.getDigestForNamespace(namespace, id);
    if (!expected || hex(expected) !== hex(digest)) throw badMdoc(`the digest of ${name} is wrong`);
    if (seen.has(`${namespace} ${name}`)) throw badMdoc(`${name} is there twice`);
    seen.add(`${namespace} ${name}`);
  }
}

/** The elements by namespace, in JSON's types: dates as text, bytes as base64url. */
export function namespacesOf(elements: Element[]): Record<string, Record<string, unknown>> {
  const found: Record<string, Record<string, unknown>> = {};
  for (const { namespace, name, value } of elements) (found[namespace] ??= {})[name] = plain(value);
  return found;
}

/** CBOR's values in JSON's types. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return base64url(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof DateOnly) return value.toISOString();
  if (value instanceof DataItem) return plain(value.data);
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([name, member]) => [String(name), plain(member)]));
  return value;
}

export function badMdoc(reason: string) {
  return refuse('bad-credential', 'The credential does not hold', reason);
}
