import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFetch } from '../src/http/node-fetch.js';
import { FileStore } from '../src/store/file-store.js';
import { Wallet, type WalletOptions } from '../src/wallet.js';
import { keyPem, makePki, type Pki } from './pki.js';

export interface Asked {
  method: string;
  url: URL;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** An answer, or `drop`: the connection breaks before there is one. */
export type Answer =
  | {
      status?: number;
      headers?: Record<string, string | string[]>;
      json?: unknown;
      text?: string | Uint8Array;
    }
  | 'drop';
export type Handler = (asked: Asked) => Answer | Promise<Answer>;

/** A TLS server that stands where the gateway does. */
export class City {
  readonly asked: Asked[] = [];
  private readonly handlers = new Map<string, Handler>();
  private readonly folders: string[] = [];
  private readonly closings: (() => Promise<void>)[] = [];

  private constructor(
    readonly origin: string,
    readonly pki: Pki,
    private readonly server: Server,
  ) {}

  static async start(): Promise<City> {
    const pki = await makePki();
    const key = await keyPem(pki.tls);
    const server = createServer({ key, cert: pki.tls.certificate.toString('pem') });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const city = new City(`https://localhost:${(server.address() as AddressInfo).port}`, pki, server);
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', city.origin);
        const body = Buffer.concat(parts).toString('utf8');
        void city
          .answer({ method: request.method ?? '', url, headers: request.headers, body })
          .then((answer) => {
            if (answer === 'drop') return response.destroy();
            const { status = 200, headers = {}, json, text } = answer;
            if (json !== undefined) response.setHeader('content-type', 'application/json');
            response.writeHead(status, headers).end(json === undefined ? text : JSON.stringify(json));
            return undefined;
          });
      });
    });
    return city;
  }

  on(method: string, path: string, handler: Handler): void {
    this.handlers.set(`${method} ${path}`, handler);
  }

  count(method: string, path: string): number {
    return this.asked.filter((each) => each.method === method && each.url.pathname === path).length;
  }

  /** A wallet in `home`, or in a new folder, with somebody signed in. */
  async wallet(
    home?: string,
    more: Partial<WalletOptions> = {},
  ): Promise<{ wallet: Wallet; home: string; store: FileStore }> {
    const folder = home ?? (await mkdtemp(join(tmpdir(), 'madang-wallet-')));
    this.folders.push(folder);
    const store = new FileStore(folder);
    const { fetch, close } = nodeFetch(this.ca);
    this.closings.push(close);
    const token = ['{"alg":"none"}', '{"sub":"11111111-2222-3333-4444-555555555555"}', '']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
    const session = {
      issuer: `${this.origin}/auth/realms/madang`,
      access_token: token,
      expires_at: Date.now(),
    };
    await store.write('session.json', JSON.stringify(session));
    const options = { store, origin: this.origin, trustAnchor: this.ca, fetch, retryMs: 4_000 };
    const wallet = new Wallet({ ...options, ...more });
    return { wallet, home: folder, store };
  }

  get ca(): string {
    return this.pki.root.certificate.toString('pem');
  }

  async stop(): Promise<void> {
    for (const close of this.closings) await close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    for (const folder of this.folders) await rm(folder, { recursive: true, force: true });
  }

  private async answer(asked: Asked): Promise<Answer> {
    this.asked.push(asked);
    const handler = this.handlers.get(`${asked.method} ${asked.url.pathname}`);
    if (!handler)
      return { status: 404, json: { type: 'urn:madang:problem:not-found', title: 'Not found', status: 404 } };
    try {
      return await handler(asked);
    } catch (error) {
      return { status: 500, json: { title: 'the test city failed', detail: String(error), status: 500 } };
    }
  }
}
