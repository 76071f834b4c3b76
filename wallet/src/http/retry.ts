/** How often a request may be sent again: `always` when that is harmless, `unsent` when it must have had no effect. */
export type Repeat = 'always' | 'unsent';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;
/** `seen` is told the outcome of every single attempt: a response or an error. */
export type RepeatingFetch = (
  url: string,
  init: RequestInit,
  repeat: Repeat,
  seen?: (outcome: unknown) => void,
) => Promise<Response>;

const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 3_000;
/** Longest wait for one answer; a request that takes longer counts as failed. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** The gateway could not reach the service, or the service is not ready: it may or may not have acted. */
const TRANSIENT_STATUS = new Set([502, 503, 504]);
/** Errors of a connection that never carried the request. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const BROKEN_OFF = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** Sends again after transient failures, with growing pauses, until `retryMs` have passed; then the last outcome stands. */
export function retrying(fetch: Fetch, retryMs: number): RepeatingFetch {
  return async (url, init, repeat, seen) => {
    const until = Date.now() + retryMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.7, LONGEST_PAUSE_MS)) {
      const attempt = await once(fetch, url, init);
      seen?.('response' in attempt ? attempt.response : attempt.error);
      if (!mayRepeat(attempt, repeat)) return settle(attempt);
      const wait = Math.max(pause * (0.75 + Math.random() / 2), askedPause(attempt));
      if (Date.now() + wait > until) return settle(attempt);
      if ('response' in attempt) await attempt.response.body?.cancel().catch(() => undefined);
      await new Promise((resume) => setTimeout(resume, wait));
    }
  };
}

type Attempt = { response: Response } | { error: unknown };

async function once(fetch: Fetch, url: string, init: RequestInit): Promise<Attempt> {
  try {
    return {
      response: await fetch(url, { ...init, signal: init.signal ?? AbortSignal.timeout(REQUEST_TIMEOUT_MS) }),
    };
  } catch (error) {
    return { error };
  }
}

function mayRepeat(attempt: Attempt, repeat: Repeat): boolean {
  if ('response' in attempt) {
    const { status } = attempt.response;
    return status === 503 || (repeat === 'always' && TRANSIENT_STATUS.has(status));
  }
  return neverSent(attempt.error) || (repeat === 'always' && brokenOff(attempt.error));
}

function settle(attempt: Attempt): Response {
  if ('response' in attempt) return attempt.response;
  throw attempt.error;
}

function askedPause(attempt: Attempt): number {
  if (!('response' in attempt)) return 0;
  const seconds = Number(attempt.response.headers.get('retry-after'));
  return Number.isFinite(seconds) ? Math.min(seconds * 1_000, LONGEST_PAUSE_MS) : 0;
}

/** True when the failure leaves open whether the service acted. */
export function isAmbiguous(outcome: unknown): boolean {
  if (outcome instanceof Error) return brokenOff(outcome);
  const status = (outcome as Response | undefined)?.status;
  return status === 502 || status === 504;
}

function neverSent(error: unknown): boolean {
  return codesOf(error).some((code) => NEVER_SENT.has(code));
}

function brokenOff(error: unknown): boolean {
  if (error instanceof DOMException && error.name === 'TimeoutError') return true;
  return codesOf(error).some((code) => BROKEN_OFF.has(code));
}

function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof AggregateError) for (const each of at.errors) codes.push(...codesOf(each));
    const { code } = at as { code?: unknown };
    if (typeof code === 'string') codes.push(code);
  }
  return codes;
}
