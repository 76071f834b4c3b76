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

export function isUnder(origin: string, url: string): boolean {
  try {
    return new URL(url).origin === origin;
  } catch {
    return false;
  }
}

/** A fetch that reaches `origin` alone: what an offer or a request names elsewhere is never contacted. */
export function onlyTo(origin: string, fetch: Fetch): Fetch {
  return async (url, init) => {
    if (!isUnder(origin, url))
      throw refuse('foreign-address', 'The wallet talks to its own city only', originOf(url));
    return fetch(url, { redirect: 'error', ...init });
  };
}

function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return 'not a URL';
  }
}
