import { isUnder } from '../http/origin.js';
import type { RepeatingFetch } from '../http/retry.js';
import { refuse } from '../problem.js';

/** Pages and redirects on the way through the sign-in; more means that it goes in a circle. */
const STEPS_MAX = 15;
const PAGE_LENGTH_MAX = 1024 * 1024;

/**
 * Plays the person's browser: fetches the login page, fills in its form, agrees to what is asked after it, and follows until
 * it is sent back to `redirectUri`; the answer is that address. Cookies live for this sign-in only.
 */
export async function signInByForm(
  fetch: RepeatingFetch,
  origin: string,
  authorizationUrl: string,
  redirectUri: string,
  credentials: { username: string; password: string; oneTimeCode?: string | undefined },
): Promise<string> {
  const cookies = new Map<string, string>();
  let url = authorizationUrl;
  let form: URLSearchParams | undefined;
  const filledIn = new Set<Form['asks']>();
  for (let step = 0; step < STEPS_MAX; step++) {
    if (!isUnder(origin, url))
      throw refuse('sign-in-failed', 'The sign-in left the city', new URL(url).origin);
    const response = await fetch(url, requestFor(form, cookies, origin), 'always');
    keep(cookies, response.headers.getSetCookie());
    const location = response.headers.get('location');
    if (location && response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      url = new URL(location, url).href;
      form = undefined;
      if (url.startsWith(`${redirectUri}?`)) return url;
      continue;
    }
    const page = (await response.text()).slice(0, PAGE_LENGTH_MAX);
    const found = formIn(page, url);
    // A form that comes again was not accepted; a page to agree to makes sense after the sign-in only.
    if (
      !found ||
      !response.ok ||
      filledIn.has(found.asks) ||
      (found.asks === 'agreement' && filledIn.size === 0)
    )
      throw refuse('sign-in-failed', 'Signing in failed', messageIn(page) ?? `status ${response.status}`);
    form = new URLSearchParams([...found.hidden, ...answerTo(found, credentials)]);
    url = found.action;
    filledIn.add(found.asks);
  }
  throw refuse('sign-in-failed', 'Signing in goes in a circle');
}

function answerTo(
  form: Form,
  { username, password, oneTimeCode }: Parameters<typeof signInByForm>[4],
): [string, string][] {
  if (form.asks === 'agreement') return form.agree;
  if (form.asks === 'code') {
    if (oneTimeCode === undefined)
      throw refuse('sign-in-failed', 'A one-time code is asked for', 'give it in MADANG_ONE_TIME_CODE');
    return [['otp', oneTimeCode]];
  }
  return [
    ['username', username],
    ['password', password],
  ];
}

function requestFor(
  form: URLSearchParams | undefined,
  cookies: Map<string, string>,
  origin: string,
): RequestInit {
  const headers: Record<string, string> = { accept: 'text/html' };
  if (cookies.size > 0)
    headers['cookie'] = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  if (!form) return { headers, redirect: 'manual' };
  headers['content-type'] = 'application/x-www-form-urlencoded';
  headers['origin'] = origin;
  return { method: 'POST', headers, body: form.toString(), redirect: 'manual' };
}

function keep(cookies: Map<string, string>, set: string[]): void {
  for (const line of set) {
    const [pair = '', ...attributes] = line.split(';');
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    const value = pair.slice(at + 1).trim();
    const gone = value === '' || attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute));
    if (gone) cookies.delete(name);
    else cookies.set(name, value);
  }
}

interface Form {
  action: string;
  hidden: [string, string][];
  asks: 'password' | 'code' | 'agreement';
  /** Name and value of the first button: what the person who signs in means to do. */
  agree: [string, string][];
}

/** The page's form for a password or a code, or the form with a button that it shows in its place. */
function formIn(page: string, base: string): Form | undefined {
  let asking: Form | undefined;
  for (const [, attributes = '', content = ''] of page.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)) {
    const action = attribute(attributes, 'action');
    if (action === undefined) continue;
    const inputs = [...content.matchAll(/<input\b([^>]*)>/gi)].map(([, input = '']) => input);
    const hidden = pairsOf(inputs.filter((input) => attribute(input, 'type')?.toLowerCase() === 'hidden'));
    const has = (name: string) => new RegExp(`name\\s*=\\s*["']?${name}["'\\s>]`, 'i').test(content);
    const asks = has('password') ? 'password' : has('otp') ? 'code' : 'agreement';
    const submits = inputs.filter((input) => attribute(input, 'type')?.toLowerCase() === 'submit');
    const buttons = [...content.matchAll(/<button\b([^>]*)>/gi)].map(([, button = '']) => button);
    const form: Form = {
      action: new URL(action, base).href,
      hidden,
      asks,
      agree: pairsOf([...buttons, ...submits]).slice(0, 1),
    };
    if (asks !== 'agreement') return form;
    if (buttons.length + submits.length > 0) asking ??= form;
  }
  return asking;
}

function pairsOf(tags: string[]): [string, string][] {
  return tags
    .map((tag): [string, string] => [attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? ''])
    .filter(([name]) => name !== '');
}

function attribute(tag: string, name: string): string | undefined {
  const match = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(tag);
  const value = match?.[1] ?? match?.[2];
  return value === undefined ? undefined : unescapeHtml(value);
}

/** What the page says went wrong, where Keycloak's themes put it. */
function messageIn(page: string): string | undefined {
  for (const mark of ['class="[^"]*kc-feedback-text[^"]*"', 'id="input-error[^"]*"', 'class="instruction"']) {
    const inner = new RegExp(`${mark}[^>]*>([\\s\\S]*?)</`, 'i').exec(page)?.[1] ?? '';
    const text = unescapeHtml(inner.replace(/<[^>]*>/g, ' '))
      .replace(/\s+/g, ' ')
      .trim();
    if (text !== '') return text.slice(0, 200);
  }
  return undefined;
}

function unescapeHtml(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal, hexadecimal, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal));
    if (hexadecimal) return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
    return named[String(name).toLowerCase()] ?? whole;
  });
}
