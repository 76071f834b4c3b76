import { decodeJwt, decodeProtectedHeader } from 'jose';
import { concat, fromBase64 } from '../bytes.js';
import { collect } from '../http/limits.js';
import type { RepeatingFetch } from '../http/retry.js';
import type { StatusReference } from '../issuance/checked.js';
import { verifyText } from '../keys/p256.js';
import { reasonOf, refuse } from '../problem.js';
import type { TrustAnchors } from '../trust/certificate-chain.js';

/** Longest list after decompression: eight million two-bit entries. A longer one is a bomb. */
const LIST_BYTES_MAX = 2 * 1024 * 1024;
const LONGEST_CACHE_SECONDS = 3600;
const CLOCK_SKEW_SECONDS = 60;
const TYPE = 'application/statuslist+jwt';

/** Token Status List section 7.1; `unknown` when the list cannot be had or does not hold. */
export type CredentialStatus = 'valid' | 'revoked' | 'suspended' | 'other' | 'unknown';

const NAMES: Record<number, CredentialStatus> = { 0: 'valid', 1: 'revoked', 2: 'suspended' };

interface StatusList {
  bits: number;
  bytes: Uint8Array;
  /** Unix milliseconds. */
  until: number;
}

/** Reads the status of the person's own credentials from their issuers' lists, with a cache that honours `ttl` and `exp`. */
export class StatusLists {
  private readonly cache = new Map<string, Promise<StatusList>>();

  constructor(
    private readonly fetch: RepeatingFetch,
    private readonly anchors: TrustAnchors,
  ) {}

  /** @returns the status, and why it is unknown if it is */
  async of({ uri, idx }: StatusReference): Promise<{ status: CredentialStatus; reason?: string }> {
    try {
      const { bits, bytes } = await this.list(uri);
      const byte = bytes[Math.floor((idx * bits) / 8)];
      if (byte === undefined) throw badList('the index is beyond the list');
      const value = (byte >> ((idx * bits) % 8)) & ((1 << bits) - 1);
      return { status: NAMES[value] ?? 'other' };
    } catch (error) {
      return { status: 'unknown', reason: reasonOf(error) };
    }
  }

  private async list(uri: string): Promise<StatusList> {
    const known = await this.cache.get(uri)?.catch(() => undefined);
    if (known && known.until > Date.now()) return known;
    const read = this.read(uri);
    this.cache.set(uri, read);
    read.catch(() => this.cache.delete(uri));
    return read;
  }

  /** Sections 5.1 and 8.3: the token, its signature and chain, its subject, its times. */
  private async read(uri: string): Promise<StatusList> {
    const response = await this.fetch(uri, { headers: { accept: TYPE } }, 'always');
    const token = (await response.text()).trim();
    if (!response.ok) throw badList(`status ${response.status}`);
    const { typ, alg, x5c } = decodeProtectedHeader(token);
    if (typ !== 'statuslist+jwt' || alg !== 'ES256' || !Array.isArray(x5c))
      throw badList('the token is of another type');
    const signer = await this.anchors.check(x5c);
    const [header, payload, signature] = token.split('.');
    if (!(await verifyText(signer.key, `${header}.${payload}`, signature ?? '')))
      throw badList('the signature is wrong');
    const claims = decodeJwt(token) as Record<string, unknown> & {
      status_list?: { bits?: unknown; lst?: unknown };
    };
    const now = Date.now() / 1000;
    const { exp, ttl, iat } = claims as { exp?: number; ttl?: number; iat?: number };
    if (claims.sub !== uri) throw badList('the list is of another address');
    if (typeof iat !== 'number' || iat > now + CLOCK_SKEW_SECONDS)
      throw badList('the list is from the future');
    if (exp !== undefined && exp < now - CLOCK_SKEW_SECONDS) throw badList('the list is past its time');
    const { bits, lst } = claims.status_list ?? {};
    if (![1, 2, 4, 8].includes(bits as number) || typeof lst !== 'string')
      throw badList('the list is malformed');
    const life = Math.min(ttl ?? 0, (exp ?? Infinity) - now, LONGEST_CACHE_SECONDS);
    return { bits: bits as number, bytes: await inflate(lst), until: Date.now() + life * 1000 };
  }
}

async function inflate(lst: string): Promise<Uint8Array> {
  const stream = new Blob([concat(fromBase64(lst))]).stream().pipeThrough(new DecompressionStream('deflate'));
  return collect(stream as ReadableStream<Uint8Array>, LIST_BYTES_MAX, badList('the list is too long'));
}

function badList(reason: string) {
  return refuse('bad-status-list', 'The status list does not hold', reason);
}
