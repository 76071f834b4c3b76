import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refuse } from '../problem.js';

/** How long the person may take to sign in. */
const SIGN_IN_WAIT_MS = 300_000;

export interface Loopback {
  redirectUri: string;
  /** Resolves with the whole address that the browser came back to. */
  arrival: Promise<string>;
  close: () => void;
}

/** Listens on a free port of 127.0.0.1 for the browser's way back (RFC 8252 section 7.3). */
export async function listenForRedirect(): Promise<Loopback> {
  let arrived: (url: string) => void;
  let failed: (error: unknown) => void;
  const arrival = new Promise<string>((resolve, reject) => {
    arrived = resolve;
    failed = reject;
  });
  arrival.catch(() => undefined);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', redirectBase);
    if (url.pathname !== '/callback') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
    response.end('You may close this window and go back to the wallet.\n');
    arrived(url.href);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const redirectBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const timer = setTimeout(
    () => failed(refuse('sign-in-failed', 'Nobody signed in in time')),
    SIGN_IN_WAIT_MS,
  );
  return {
    redirectUri: `${redirectBase}/callback`,
    arrival,
    close: () => {
      clearTimeout(timer);
      server.close();
    },
  };
}
