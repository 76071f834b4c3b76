import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readStandardInput, type Context } from './context.js';
import { needed } from './arguments.js';
import { idIn } from '../http/api.js';
import { refuse } from '../problem.js';
import type { Says } from '../records/records.js';

export async function services({ wallet }: Context): Promise<unknown> {
  return { items: await wallet.records.services() };
}

export async function apply({ wallet, options }: Context, [service]: string[]): Promise<unknown> {
  const name = needed(service, 'the service');
  const file = needed(options.form, '--form');
  const text = file === '-' ? await readStandardInput() : await readFile(file, 'utf8');
  return wallet.records.apply(name, parseForm(text), options.renews);
}

/** What happened and what happens next, for a person in the person's language. */
export async function progress({ wallet, options }: Context, [application]: string[]): Promise<unknown> {
  const seen = await wallet.records.progress(needed(application, 'the application'));
  if (options.json) return seen;
  const says = (each: Says) => each[options.language];
  return {
    [says(seen.title)]: says(seen.says),
    ...(seen.service_level ? { due: seen.service_level.due ?? '–' } : {}),
    next: seen.next.map(({ says: sentence, until, href }) =>
      [says(sentence), until, href].filter((part) => part !== undefined).join('  '),
    ),
    timeline: seen.timeline.map(({ at, says: sentence, text }) =>
      [at, says(sentence), text].filter((part) => part !== undefined).join('  '),
    ),
  };
}

export async function answer({ wallet, options }: Context, [application]: string[]): Promise<unknown> {
  const id = needed(application, 'the application');
  const form = options.form === undefined ? undefined : parseForm(await readFile(options.form, 'utf8'));
  return wallet.records.answer(id, needed(options.text, '--text'), form);
}

export async function withdraw({ wallet }: Context, [application]: string[]): Promise<unknown> {
  return wallet.records.withdraw(needed(application, 'the application'));
}

export async function appeal({ wallet, options }: Context, [application]: string[]): Promise<unknown> {
  return wallet.records.appeal(needed(application, 'the application'), needed(options.text, '--text'));
}

export async function applications({ wallet }: Context): Promise<unknown> {
  return { items: await wallet.records.applications() };
}

export async function status({ wallet, options }: Context, [application]: string[]): Promise<unknown> {
  const id = needed(application, 'the application');
  if (options.wait === undefined) return wallet.records.application(id);
  return wallet.records.wait(id, options.wait, options.timeoutMs);
}

export async function account({ wallet, options }: Context, [action, id]: string[]): Promise<unknown> {
  if (action === 'open') {
    await wallet.session.accessToken();
    return wallet.accounts.open((await wallet.session.person()).sub);
  }
  if (action === 'list') return { items: await wallet.accounts.all() };
  const sub = async () => {
    await wallet.session.accessToken();
    return (await wallet.session.person()).sub;
  };
  if (action === 'rotate-key')
    return wallet.accounts.rotate(needed(id, 'the account'), await sub(), options.timeoutMs);
  if (action === 'recover') return wallet.accounts.recover(needed(id, 'the account'), await sub());
  throw refuse('usage', 'account open, list, rotate-key or recover');
}

/** Replacements of lost keys. */
export async function recovery({ wallet }: Context, [action, id]: string[]): Promise<unknown> {
  if (action === 'list') return { items: await wallet.accounts.recoveries(needed(id, 'the account')) };
  if (action === 'veto') return wallet.accounts.veto(needed(id, 'the recovery'));
  if (action === 'finish') return wallet.accounts.finish(needed(id, 'the recovery'));
  throw refuse('usage', 'recovery list, veto or finish');
}

export async function bills({ wallet }: Context): Promise<unknown> {
  return { items: await wallet.bills.all() };
}

export async function pay({ wallet, options }: Context, [bill]: string[]): Promise<unknown> {
  const { account, amount, forceNew } = options;
  const outcome = await wallet.payments.pay(needed(bill, 'the bill'), { account, amount, forceNew });
  if (options.wait === undefined) return outcome;
  return { ...outcome, ...(await wallet.payments.settled(outcome.id, options.timeoutMs)) };
}

export async function hold({ wallet, options }: Context, [to]: string[]): Promise<unknown> {
  const { account, forceNew, capturer } = options;
  const amount = amountNeeded(options.amount);
  const seconds = options.seconds ?? 3_600;
  return wallet.payments.hold(needed(to, 'the payee'), amount, { account, forceNew, capturer, seconds });
}

export async function capture({ wallet, options }: Context, [id]: string[]): Promise<unknown> {
  return wallet.payments.capture(needed(id, 'the hold'), amountNeeded(options.amount));
}

export async function giveUp({ wallet }: Context, [id]: string[]): Promise<unknown> {
  return wallet.payments.giveUp(needed(id, 'the hold'));
}

export async function refund({ wallet, options }: Context, [id]: string[]): Promise<unknown> {
  const { account, amount, forceNew } = options;
  return wallet.payments.refund(needed(id, 'the payment'), { account, amount, forceNew });
}

export async function cancel({ wallet }: Context, [id]: string[]): Promise<unknown> {
  return wallet.payments.cancel(needed(id, 'the payment'));
}

function amountNeeded(amount: number | undefined): number {
  if (amount === undefined) throw refuse('usage', '--amount is missing', 'see madang-wallet --help');
  return amount;
}

export async function payment({ wallet }: Context, [id]: string[]): Promise<unknown> {
  return wallet.payments.get(needed(id, 'the payment'));
}

export async function receipt({ wallet, options }: Context, [id]: string[]): Promise<unknown> {
  const payment = needed(id, 'the payment');
  if (options.out === undefined) return wallet.payments.receipt(payment);
  const bytes = await wallet.payments.receiptFile(payment);
  await mkdir(options.out, { recursive: true });
  const file = join(options.out, `${idIn(payment)}.receipt.json`);
  await writeFile(file, bytes, { mode: 0o600 });
  return { receipt: file };
}

export async function documents({ wallet, options }: Context, [action, record]: string[]): Promise<unknown> {
  if (action !== 'get') throw refuse('usage', 'documents get <record> --out DIR');
  const id = idIn(needed(record, 'the record'));
  const folder = needed(options.out, '--out');
  const { metadata, pdf, proof, opening } = await wallet.records.document(id);
  await mkdir(folder, { recursive: true });
  const files = {
    pdf: join(folder, `${id}.pdf`),
    proof: join(folder, `${id}.tlog-proof`),
    opening: join(folder, `${id}.opening.json`),
  };
  await writeFile(files.pdf, pdf, { mode: 0o600 });
  await writeFile(files.proof, proof, { mode: 0o600 });
  await writeFile(files.opening, opening, { mode: 0o600 });
  return { record: id, ...files, metadata };
}

function parseForm(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse('usage', 'The form is not JSON', error instanceof Error ? error.message : undefined, error);
  }
}
