import { concat, utf8 } from '../bytes.js';
import type { RepeatingFetch } from '../http/retry.js';
import { WalletProblem } from '../problem.js';
import { badCredential } from './checked.js';
import type { Display } from './issuer.js';

const DOCUMENT_LENGTH_MAX = 256 * 1024;
/** Types that a type may extend, one above the other. */
const EXTENDS_MAX = 4;
const HASHES: Record<string, string> = { sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };

/**
 * What the type of an SD-JWT VC is called (SD-JWT VC section 6), by language. Where `vct#integrity` is given, the document
 * must be there and have that hash; without it a document that cannot be had is no reason to refuse the credential.
 */
export async function typeDisplay(
  vct: string,
  integrity: string | undefined,
  fetch: RepeatingFetch,
): Promise<Display[]> {
  let found: Display[] = [];
  let next: { type: string; integrity: string | undefined } | undefined = { type: vct, integrity };
  const seen = new Set<string>();
  while (next) {
    if (seen.has(next.type) || seen.size > EXTENDS_MAX)
      throw badCredential('its type extends itself, or too many');
    seen.add(next.type);
    const document: Record<string, unknown> | undefined = await read(next.type, next.integrity, fetch);
    if (!document) break;
    if (found.length === 0) found = displayIn(document['display']);
    next =
      typeof document['extends'] === 'string'
        ? { type: document['extends'], integrity: textIn(document['extends#integrity']) }
        : undefined;
  }
  return found;
}

async function read(
  vct: string,
  integrity: string | undefined,
  fetch: RepeatingFetch,
): Promise<Record<string, unknown> | undefined> {
  try {
    if (!/^https:/i.test(vct)) throw badCredential('the metadata of its type cannot be fetched');
    const response = await fetch(vct, { headers: { accept: 'application/json' } }, 'always');
    const text = await response.text();
    if (!response.ok || text.length > DOCUMENT_LENGTH_MAX)
      throw badCredential(`the metadata of its type cannot be had (status ${response.status})`);
    if (integrity !== undefined) await checkIntegrity(text, integrity);
    const document = JSON.parse(text) as Record<string, unknown>;
    if (document['vct'] !== vct) throw badCredential('the metadata of its type is of another type');
    return document;
  } catch (error) {
    if (integrity === undefined) return undefined;
    throw error instanceof WalletProblem
      ? error
      : badCredential('the metadata of its type cannot be read', error);
  }
}

/** W3C Subresource Integrity, section 3.5: of several hashes the strongest kind counts. */
async function checkIntegrity(text: string, integrity: string): Promise<void> {
  const given = integrity
    .trim()
    .split(/\s+/)
    .map((each) => /^(sha256|sha384|sha512)-([A-Za-z0-9+/=_-]+)/.exec(each))
    .filter((each) => each !== null);
  const strongest = given
    .map(([, name]) => name!)
    .sort()
    .at(-1);
  if (!strongest) throw badCredential('the integrity of its type names no known hash');
  const digest = new Uint8Array(await crypto.subtle.digest(HASHES[strongest]!, concat(utf8(text))));
  const actual = btoa(String.fromCharCode(...digest));
  if (!given.some(([, name, hash]) => name === strongest && hash === actual))
    throw badCredential('the metadata of its type was changed');
}

function displayIn(display: unknown): Display[] {
  if (!Array.isArray(display)) return [];
  return (display as Record<string, unknown>[]).flatMap(({ name, locale, lang }) => {
    const language = textIn(locale) ?? textIn(lang);
    return typeof name === 'string' ? [{ name, ...(language ? { locale: language } : {}) }] : [];
  });
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
