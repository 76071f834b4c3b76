import { concat } from '../bytes.js';
import { refuse } from '../problem.js';
import type { Fetch } from './retry.js';

/** Longest answer of an OpenID endpoint, after any content encoding is undone: metadata, offers, requests, credentials. */
export const OPENID_LENGTH_MAX = 2 * 1024 * 1024;

const BODYLESS = new Set([101, 204, 205, 304]);

/** A fetch whose answers are read here and now, and given up on as soon as they exceed `lengthMax` bytes. */
export function limiting(fetch: Fetch, lengthMax: number): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    const body = BODYLESS.has(response.status) ? null : await bytesOf(response, lengthMax);
    const { status, statusText } = response;
    return new Response(body, { status, statusText, headers: new Headers([...response.headers]) });
  };
}

async function bytesOf(response: Response, lengthMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLong = refuse('answer-too-long', 'The answer is too long', `more than ${lengthMax} bytes`);
  if (Number(response.headers.get('content-length')) > lengthMax) {
    await response.body?.cancel().catch(() => undefined);
    throw tooLong;
  }
  return response.body ? collect(response.body, lengthMax, tooLong) : new Uint8Array(0);
}

/** Reads a stream to its end, or throws `tooLong` and cancels it. */
export async function collect(
  stream: ReadableStream<Uint8Array>,
  lengthMax: number,
  tooLong: Error,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concat(...parts);
    length += value.length;
    if (length > lengthMax) {
      await reader.cancel().catch(() => undefined);
      throw tooLong;
    }
    parts.push(value);
  }
}
