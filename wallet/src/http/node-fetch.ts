import { Agent, fetch as undiciFetch } from 'undici';
import type { Fetch } from './retry.js';

/** A fetch over TLS that trusts `ca` (PEM) alone, or the system's roots when there is none. Verification is never off. */
export function nodeFetch(ca: string | undefined): { fetch: Fetch; close: () => Promise<void> } {
  const dispatcher = new Agent({ connect: ca === undefined ? {} : { ca }, connections: 8 });
  const fetch: Fetch = async (url, init) => {
    const options = { ...init, dispatcher } as unknown as Parameters<typeof undiciFetch>[1];
    return (await undiciFetch(url, options)) as unknown as Response;
  };
  return { fetch, close: () => dispatcher.close() };
}
