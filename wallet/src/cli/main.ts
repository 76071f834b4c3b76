import { readFile } from 'node:fs/promises';
import { nodeFetch } from '../http/node-fetch.js';
import { reasonOf, refuse, WalletProblem } from '../problem.js';
import { FileStore } from '../store/file-store.js';
import { Wallet } from '../wallet.js';
import { needed, parse, USAGE, type Arguments } from './arguments.js';
import type { Command } from './context.js';
import * as identity from './identity-commands.js';
import { text } from './output.js';
import * as service from './service-commands.js';

const COMMANDS: Record<string, Command> = {
  login: identity.login,
  logout: identity.logout,
  whoami: identity.whoami,
  offers: identity.offers,
  receive: identity.receive,
  credentials: identity.credentials,
  show: identity.show,
  present: identity.present,
  services: service.services,
  apply: service.apply,
  applications: service.applications,
  status: service.status,
  account: service.account,
  bills: service.bills,
  pay: service.pay,
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
  const json = argv.includes('--json');
  try {
    const options = parse(argv, process.env);
    const [name, ...rest] = options.command;
    if (options.help || name === undefined) {
      (options.help ? process.stdout : process.stderr).write(USAGE);
      return options.help ? 0 : 2;
    }
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw refuse('usage', 'There is no such command', name);
    const result = await run(command, options, rest);
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : text(result));
    return 0;
  } catch (error) {
    return report(error, json);
  }
}

async function run(command: Command, options: Arguments, rest: string[]): Promise<unknown> {
  const ca = options.ca === undefined ? undefined : await pem(options.ca);
  const anchorFile = needed(options.trustAnchor ?? options.ca, '--trust-anchor or --ca');
  const { fetch, close } = nodeFetch(ca);
  try {
    const wallet = new Wallet({
      store: new FileStore(options.home),
      origin: options.origin,
      trustAnchor: await pem(anchorFile),
      fetch,
      retryMs: options.retryMs,
    });
    return await command({ wallet, options, say: (line) => void process.stderr.write(`${line}\n`) }, rest);
  } finally {
    await close();
  }
}

/** With --json the problem is the one document on standard output too; standard error always has it. */
function report(error: unknown, json: boolean): number {
  const problem =
    error instanceof WalletProblem ? error : refuse('internal', 'The wallet failed', reasonOf(error), error);
  if (json) {
    const document = `${JSON.stringify({ error: problem })}\n`;
    process.stdout.write(document);
    process.stderr.write(document);
  } else {
    process.stderr.write(`madang-wallet: ${problem.message} (${problem.type})\n`);
    const { request } = problem.more;
    if (request !== undefined) process.stderr.write(text(request));
  }
  return STATUS[problem.type] ?? 1;
}

async function pem(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw refuse('usage', 'A PEM file cannot be read', file, error);
  });
}
