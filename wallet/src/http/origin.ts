import { refuse } from '../problem.js';
import type { Fetch } from './retry.js';

/** `https://host[:port]` without a path; anything else is refused. */
export function parseOrigin(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    throw refuse('bad-origin', 'Not an origin', text, error);
  }
  if (url.protocol !== 'https:' || url.pathname !== '/' || url.search || url.hash || url.username) {
    throw refuse('bad-origin', 'The origin must be https://host[:port]', text);
  }
  return url.origin;
}

/** True for a URL at `origin`, or at one of several. */
export function isUnder(origin: string | readonly string[], url: string): boolean {
  const named = originOf(url);
  return typeof origin === 'string' ? named === origin : origin.includes(named);
}

/** A fetch that reaches `origins` alone: what an offer or a request names elsewhere is never contacted. */
export function onlyTo(origins: readonly string[], fetch: Fetch): Fetch {
  return async (url, init) => {
    if (!isUnder(origins, url)) throw foreign('The wallet does not talk to that address', url);
    return fetch(url, { redirect: 'error', ...init });
  };
}

export function foreign(title: string, url: string) {
  return refuse('foreign-address', title, `${originOf(url)} (allow it with --allow-origin)`);
}

export function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return 'not a URL';
  }
}
