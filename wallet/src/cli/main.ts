import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DevelopmentWalletProvider } from '../attestation/development.js';
import { nodeFetch } from '../http/node-fetch.js';
import { CLIENT_ID } from '../openid/callbacks.js';
import { reasonOf, refuse, WalletProblem } from '../problem.js';
import { FileStore } from '../store/file-store.js';
import { Wallet } from '../wallet.js';
import { needed, parse, USAGE, type Arguments } from './arguments.js';
import type { Command } from './context.js';
import * as identity from './identity-commands.js';
import { text } from './output.js';
import * as presentation from './presentation-commands.js';
import * as service from './service-commands.js';
import { languageOf, words, type Language } from './words.js';

const COMMANDS: Record<string, Command> = {
  login: identity.login,
  logout: identity.logout,
  whoami: identity.whoami,
  offers: identity.offers,
  receive: identity.receive,
  credentials: identity.credentials,
  show: identity.show,
  types: identity.types,
  request: identity.request,
  deferred: identity.deferred,
  check: identity.check,
  renew: identity.renew,
  forget: identity.forget,
  present: presentation.present,
  shown: presentation.shown,
  services: service.services,
  apply: service.apply,
  applications: service.applications,
  status: service.status,
  progress: service.progress,
  answer: service.answer,
  withdraw: service.withdraw,
  appeal: service.appeal,
  account: service.account,
  bills: service.bills,
  recovery: service.recovery,
  pay: service.pay,
  hold: service.hold,
  capture: service.capture,
  void: service.giveUp,
  refund: service.refund,
  cancel: service.cancel,
  payment: service.payment,
  receipt: service.receipt,
  documents: service.documents,
};

/** Exit statuses: 0 done, 1 a problem, 2 the command line was not understood, 3 consent is missing. */
const STATUS: Record<string, number> = {
  'urn:madang:problem:wallet-usage': 2,
  'urn:madang:problem:wallet-consent-needed': 3,
};

export async function main(argv: string[]): Promise<number> {
  if (argv.length === 1 && argv[0] === 'batch') return batch();
  const json = argv.includes('--json');
  let language = languageOf(process.env['MADANG_LANG'] ?? process.env['LANG']);
  try {
    const options = parse(argv, process.env);
    ({ language } = options);
    if (options.help || options.command.length === 0) {
      (options.help ? process.stdout : process.stderr).write(USAGE);
      return options.help ? 0 : 2;
    }
    const result = await run(options);
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : text(result));
    return 0;
  } catch (error) {
    return report(error, json, language);
  }
}

/** Commands as lines, one after the other, for a program that has many of them: starting a process takes longer than most. */
async function batch(): Promise<number> {
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = await answerTo(line);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  return 0;
}

async function answerTo(line: string): Promise<object> {
  try {
    const { arguments: argv, environment } = JSON.parse(line) as {
      arguments: string[];
      environment?: Record<string, string>;
    };
    const options = parse(argv, { ...process.env, ...environment });
    return { status: 0, result: await run({ ...options, json: true }) };
  } catch (error) {
    const problem = problemOf(error);
    return { status: STATUS[problem.type] ?? 1, error: problem };
  }
}

async function run(options: Arguments): Promise<unknown> {
  const [name = '', ...rest] = options.command;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw refuse('usage', 'There is no such command', name);
  const ca = options.ca === undefined ? undefined : await pem(options.ca);
  const anchorFile = needed(options.trustAnchor ?? options.ca, '--trust-anchor or --ca');
  const { fetch, close } = nodeFetch(ca);
  try {
    const wallet = new Wallet({
      store: new FileStore(options.home),
      origin: options.origin,
      allowedOrigins: options.allowedOrigins,
      trustAnchor: await pem(anchorFile),
      fetch,
      retryMs: options.retryMs,
      walletProvider: await provider(options.walletProvider),
    });
    const say = (line: string) => void process.stderr.write(`${line}\n`);
    // With --json standard error holds a problem and nothing else, so that whoever drives the wallet can read it.
    const progress = options.json ? () => undefined : say;
    return await command({ wallet, options, say, progress, words: words(options.language) }, rest);
  } finally {
    await close();
  }
}

/** With --json the problem is the one document on standard output too; standard error always has it. */
function report(error: unknown, json: boolean, language: Language): number {
  const problem = problemOf(error);
  if (json) {
    const document = `${JSON.stringify({ error: problem })}\n`;
    process.stdout.write(document);
    process.stderr.write(document);
  } else {
    process.stderr.write(`madang-wallet: ${words(language).problem(problem)} (${problem.type})\n`);
    const { request } = problem.more;
    if (request !== undefined) process.stderr.write(text(request));
  }
  return STATUS[problem.type] ?? 1;
}

function problemOf(error: unknown): WalletProblem {
  return error instanceof WalletProblem
    ? error
    : refuse('internal', 'The wallet failed', reasonOf(error), error);
}

async function provider(folder: string | undefined): Promise<DevelopmentWalletProvider | undefined> {
  if (folder === undefined) return undefined;
  const [key, chain] = await Promise.all(
    ['wallet-provider.key', 'wallet-provider.pem'].map((name) => pem(join(folder, name))),
  );
  return DevelopmentWalletProvider.fromPem(key!, chain!, CLIENT_ID);
}

async function pem(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw refuse('usage', 'A PEM file cannot be read', file, error);
  });
}
