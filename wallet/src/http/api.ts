import { refuse, reasonOf, WalletProblem } from '../problem.js';
import type { Repeat, RepeatingFetch } from './retry.js';

/** Longest answer that the wallet reads as JSON. */
const JSON_LENGTH_MAX = 4 * 1024 * 1024;

export interface Page<T> {
  items: T[];
  next?: string;
}

/** The services' JSON interface through the gateway, on behalf of whom `token` speaks for. */
export class Api {
  constructor(
    readonly origin: string,
    readonly fetch: RepeatingFetch,
    private readonly token: () => Promise<string>,
  ) {}

  async get<T>(path: string): Promise<T> {
    return json<T>(await this.send('GET', path, undefined, 'always', true));
  }

  /** Like {@link get}, for what anyone may read. */
  async getPublic<T>(path: string): Promise<T> {
    return json<T>(await this.send('GET', path, undefined, 'always', false));
  }

  async getBytes(path: string, accept: string): Promise<{ bytes: Uint8Array; type: string }> {
    const response = await this.send('GET', path, undefined, 'always', true, accept);
    return {
      bytes: new Uint8Array(await response.arrayBuffer()),
      type: response.headers.get('content-type') ?? '',
    };
  }

  async post<T>(
    path: string,
    body: unknown,
    repeat: Repeat,
    seen?: (outcome: unknown) => void,
  ): Promise<{ body: T; status: number; headers: Headers }> {
    const response = await this.send('POST', path, body, repeat, true, 'application/json', seen);
    return { body: await json<T>(response), status: response.status, headers: response.headers };
  }

  /** Sets something, which may be repeated. */
  async put<T>(path: string, body: unknown): Promise<T> {
    return json<T>(await this.send('PUT', path, body, 'always', true));
  }

  /** Everything of a list, page by page. */
  async all<T>(path: string, signedIn = true): Promise<T[]> {
    const items: T[] = [];
    const separator = path.includes('?') ? '&' : '?';
    for (let after: string | undefined; ;) {
      const query = `${separator}limit=200${after ? `&after=${encodeURIComponent(after)}` : ''}`;
      const page = signedIn
        ? await this.get<Page<T>>(path + query)
        : await this.getPublic<Page<T>>(path + query);
      items.push(...page.items);
      if (!page.next || page.next === after || page.items.length === 0) return items;
      after = page.next;
    }
  }

  private async send(
    method: string,
    path: string,
    body: unknown,
    repeat: Repeat,
    signedIn: boolean,
    accept = 'application/json',
    seen?: (outcome: unknown) => void,
  ): Promise<Response> {
    const headers: Record<string, string> = { accept: `${accept}, application/problem+json` };
    if (signedIn) headers['authorization'] = `Bearer ${await this.token()}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const init: RequestInit = { method, headers };
    if (body !== undefined) init.body = JSON.stringify(body);
    let response: Response;
    try {
      response = await this.fetch(this.origin + path, init, repeat, seen);
    } catch (error) {
      throw unreachable(this.origin, error);
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }
}

export function unreachable(origin: string, error: unknown): WalletProblem {
  if (error instanceof WalletProblem) return error;
  return refuse('unreachable', `No answer from ${origin}`, reasonOf(error), error);
}

async function json<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (text.length > JSON_LENGTH_MAX) throw refuse('answer-too-long', 'The answer is too long');
  try {
    return (text === '' ? undefined : JSON.parse(text)) as T;
  } catch (error) {
    throw refuse('answer-not-json', 'The answer is not JSON', `status ${response.status}`, error);
  }
}

/** Reads problem+json, or an OpenID endpoint's `error` (RFC 6749 section 5.2), or says the status. */
export async function problemOf(response: Response): Promise<WalletProblem> {
  return problemFrom(response.status, await response.text().catch(() => ''));
}

export function problemFrom(status: number, text: string): WalletProblem {
  const { type, title, detail, error, error_description, ...more } = objectIn(text);
  if (typeof type === 'string' || typeof title === 'string') {
    return new WalletProblem({
      type: typeof type === 'string' ? type : 'about:blank',
      title: typeof title === 'string' ? title : `Status ${status}`,
      detail: typeof detail === 'string' ? detail : undefined,
      status,
      more,
    });
  }
  if (typeof error === 'string') {
    return new WalletProblem({
      type: `urn:madang:problem:openid-${error.replace(/_/g, '-')}`,
      title: error,
      detail: typeof error_description === 'string' ? error_description : undefined,
      status,
    });
  }
  return new WalletProblem({ type: 'about:blank', title: `Status ${status}`, status });
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The last segment of an href such as `/payment/bills/{id}`, or the id itself. */
export function idIn(reference: string): string {
  const id = reference.split(/[?#]/)[0]!.replace(/\/+$/, '').split('/').pop() ?? '';
  if (!/^[A-Za-z0-9._~-]{1,128}$/.test(id)) throw refuse('bad-id', 'Not an id', reference.slice(0, 200));
  return id;
}
