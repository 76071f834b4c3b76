import { createInterface } from 'node:readline/promises';
import { needed } from './arguments.js';
import type { Context } from './context.js';
import { idIn } from '../http/api.js';
import type { PreparedPresentation } from '../presentation/present.js';
import { WalletProblem } from '../problem.js';

/** States of a presentation in which the verifier still waits for an answer. */
const UNANSWERED = new Set(['created', 'requested', 'pending', 'open', 'waiting']);

export async function present(context: Context, [reference]: string[]): Promise<unknown> {
  const { wallet, options } = context;
  const given = needed(reference, 'the presentation');
  const id = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? undefined : idIn(given);
  const state = () =>
    wallet.api.get<{ state: string; authorization_request: string }>(`/identity/presentations/${id}`);
  const uri = id ? (await state()).authorization_request : given;
  if (options.decline) {
    const request = await wallet.presentations.check(uri);
    return {
      presented: false,
      verifier: request.verifierName,
      ...(await wallet.presentations.decline(request)),
    };
  }
  const { credentials, optional } = options;
  const prepared = await wallet.presentations.prepare(uri, { credentials, optional });
  const asked = questionOf(prepared);
  if (!options.yes && !(await agreed(asked, prepared, context))) {
    throw new WalletProblem({
      type: 'urn:madang:problem:wallet-consent-needed',
      title: 'Nothing was shown',
      detail: 'give --yes to agree, --decline to tell the verifier no',
      more: { request: asked },
    });
  }
  const arrived = async () => !UNANSWERED.has((await state()).state);
  const { warnings, redirect_uri } = await wallet.presentations.submit(prepared, id ? arrived : undefined);
  const { progress, words } = context;
  for (const { shown_again, renewed } of warnings) {
    if (shown_again) progress(words.shownAgain);
    progress(renewed ? words.renewed : words.lastCopy);
  }
  return { presented: true, ...asked, warnings, ...(redirect_uri ? { redirect_uri } : {}) };
}

export async function shown({ wallet }: Context): Promise<unknown> {
  return { items: await wallet.presentations.history() };
}

/** What the person is asked to agree to: who asks, what they will read, what is confirmed by it. */
function questionOf({ request, disclosures, confirms }: PreparedPresentation) {
  const transaction_data = [...confirms.values()].flat().map(({ type, content }) => ({ type, ...content }));
  return {
    verifier: request.verifierName,
    certificate: request.verifier.subject,
    certified: request.verifier.certified,
    encrypted: request.encryption !== undefined,
    disclosures,
    ...(transaction_data.length > 0 ? { transaction_data } : {}),
  };
}

async function agreed(
  asked: object,
  { request }: PreparedPresentation,
  { options, say, words }: Context,
): Promise<boolean> {
  if (options.json || !process.stdin.isTTY) return false;
  say(JSON.stringify(asked, null, 2));
  if (!request.verifier.certified) say(words.uncertified);
  if (!request.encryption) say(words.unencrypted);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes|예|네)$/i.test((await terminal.question(words.show)).trim());
  } finally {
    terminal.close();
  }
}
