import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Binding, ProofType } from '../issuance/proofs.js';
import { refuse } from '../problem.js';
import { languageOf, type Language } from './words.js';

export const USAGE = `usage: madang-wallet [options] <command>

  login [--username NAME [--password-stdin]]   sign in (password also from MADANG_PASSWORD, a one-time code where one is
                                               asked for from MADANG_ONE_TIME_CODE); without a name, by browser
  logout | whoami

credentials
  offers                                       credential offers made to the person
  types [--issuer URL]                         what an issuer issues
  receive <offer-uri|offer-id> [--tx-code N]   take the credentials of an offer (openid-credential-offer://, haip-vci://…);
                                               one that wants a sign-in goes by browser, or with --username as login does
  request <configuration>… [--issuer URL]      ask an issuer for credentials without an offer: sign in there
  deferred [--timeout SECONDS]                 collect what issuers promised for later
  credentials [--status]                       what the wallet holds; with --status also whether it is still valid
  show <id> | check [<id>]                     one credential; the status of one, or of all
  renew <id>                                   have a credential issued anew, with fresh copies
  forget <id>                                  throw a credential away
    --copies N  --authorization-details  --proof jwt|attestation  --binding jwk|did:jwk|did:key
                                               how to ask: copies at once (10), details in place of scopes, kind of proof,
                                               what the proven key is given as

showing
  present <openid4vp-uri|presentation-id> [--yes | --decline]
    --credential QUERY=ID[,ID]  --optional     which credential answers; answer what is not required, too
  shown                                        who was shown what

services
  services
  apply <service> --form FILE|- [--renews RECORD]
                                               apply with a form (JSON); perhaps to renew a record
  applications
  progress <application>                       what happened, and what happens next
  answer <application> --text TEXT [--form FILE]
                                               answer what the officer asked, perhaps with a new form
  withdraw <application>                       give it up, or accept a refusal; a fee that was paid goes back
  appeal <application> --text TEXT             against a refusal
  status <application> [--wait STATE|STEP:STATE] [--timeout SECONDS]
  account open | account list
  account rotate-key <id>                      replace an account's key by a new one
  account recover <id>                         ask for a new key of an account whose key is lost
  recovery list <account> | recovery veto <id> | recovery finish <id>
                                               what is to replace a key; say no with the key that is held; have it done
  bills
  pay <bill|payment link> [--amount WON] [--account ID] [--force-new] [--wait] [--timeout SECONDS]
                                               a bill, one's own or by its link; with --amount an instalment
  hold <payee> --amount WON [--capturer ID] [--seconds N] [--account ID] [--force-new]
                                               money that the capturer (the payee) takes up to the amount of, once
  capture <id> --amount WON | void <id>        take what is held for one, or give it back
  refund <id> [--amount WON] [--account ID] [--force-new]
  cancel <id>                                  give up a payment that was signed and not accepted, on the ledger too
  payment <id> | receipt <id> [--out DIR]      with --out the receipt to keep, which is checked offline
  documents get <record> --out DIR

programs
  batch                                        read commands as lines {"arguments": […], "environment"?: {…}} and answer each
                                               with a line {"status", "result"} or {"status", "error"}

options (or environment):
  --home DIR            where the wallet keeps its keys and credentials (MADANG_HOME, ~/.madang-wallet)
  --origin URL          the city's address (MADANG_ORIGIN, https://localhost:8443)
  --allow-origin URL    a further issuer or verifier to talk to; may be repeated (MADANG_ALLOW_ORIGINS, comma between)
  --ca FILE             PEM of the authority that the city's TLS certificate comes from (MADANG_CA)
  --trust-anchor FILE   PEM of the root of issuers and verifiers (MADANG_TRUST_ANCHOR; as --ca when absent)
  --wallet-provider DIR key and chain that attest a development wallet: wallet-provider.key, wallet-provider.pem
                        (MADANG_WALLET_PROVIDER)
  --retry-seconds N     how long to repeat requests while a service restarts (60)
  --lang ko|en          language of what the person reads (MADANG_LANG, LANG)
  --json                one JSON document on standard output
`;

const OPTIONS = {
  home: { type: 'string' },
  origin: { type: 'string' },
  ca: { type: 'string' },
  'allow-origin': { type: 'string', multiple: true },
  'trust-anchor': { type: 'string' },
  'wallet-provider': { type: 'string' },
  lang: { type: 'string' },
  issuer: { type: 'string' },
  copies: { type: 'string' },
  'authorization-details': { type: 'boolean' },
  proof: { type: 'string' },
  binding: { type: 'string' },
  status: { type: 'boolean' },
  decline: { type: 'boolean' },
  credential: { type: 'string', multiple: true },
  optional: { type: 'boolean' },
  'retry-seconds': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  username: { type: 'string' },
  'password-stdin': { type: 'boolean' },
  'tx-code': { type: 'string' },
  form: { type: 'string' },
  text: { type: 'string' },
  renews: { type: 'string' },
  wait: { type: 'string' },
  timeout: { type: 'string' },
  yes: { type: 'boolean', short: 'y' },
  account: { type: 'string' },
  amount: { type: 'string' },
  capturer: { type: 'string' },
  seconds: { type: 'string' },
  'force-new': { type: 'boolean' },
  out: { type: 'string' },
} as const;

export interface Arguments {
  command: string[];
  home: string;
  origin: string;
  ca: string | undefined;
  allowedOrigins: string[];
  trustAnchor: string | undefined;
  walletProvider: string | undefined;
  language: Language;
  issuer: string | undefined;
  copies: number | undefined;
  authorizationDetails: boolean;
  proof: ProofType | undefined;
  binding: Binding | undefined;
  status: boolean;
  decline: boolean;
  /** Ids of the credentials to answer a query with, by query. */
  credentials: Record<string, string[]>;
  optional: boolean;
  retryMs: number;
  json: boolean;
  help: boolean;
  username: string | undefined;
  /** From the environment, as is the one-time code. */
  password: string | undefined;
  oneTimeCode: string | undefined;
  passwordStdin: boolean;
  txCode: string | undefined;
  form: string | undefined;
  text: string | undefined;
  renews: string | undefined;
  wait: string | undefined;
  timeoutMs: number;
  yes: boolean;
  account: string | undefined;
  /** Won. */
  amount: number | undefined;
  capturer: string | undefined;
  seconds: number | undefined;
  forceNew: boolean;
  out: string | undefined;
}

export function parse(argv: string[], environment: NodeJS.ProcessEnv): Arguments {
  const { values, positionals } = read(argv);
  return {
    command: positionals,
    home: values.home ?? environment['MADANG_HOME'] ?? join(homedir(), '.madang-wallet'),
    origin: values.origin ?? environment['MADANG_ORIGIN'] ?? 'https://localhost:8443',
    ca: values.ca ?? environment['MADANG_CA'],
    allowedOrigins:
      values['allow-origin'] ??
      (environment['MADANG_ALLOW_ORIGINS'] ?? '').split(',').filter((each) => each !== ''),
    trustAnchor: values['trust-anchor'] ?? environment['MADANG_TRUST_ANCHOR'],
    walletProvider: values['wallet-provider'] ?? environment['MADANG_WALLET_PROVIDER'],
    language: languageOf(values.lang ?? environment['MADANG_LANG'] ?? environment['LANG']),
    issuer: values.issuer,
    copies: values.copies === undefined ? undefined : count(values.copies),
    authorizationDetails: values['authorization-details'] ?? false,
    proof: values.proof === undefined ? undefined : proofType(values.proof),
    binding: values.binding === undefined ? undefined : bindingOf(values.binding),
    status: values.status ?? false,
    decline: values.decline ?? false,
    credentials: Object.fromEntries((values.credential ?? []).map(choice)),
    optional: values.optional ?? false,
    retryMs: seconds(values['retry-seconds'], 60),
    json: values.json ?? false,
    help: values.help ?? false,
    username: values.username,
    password: environment['MADANG_PASSWORD'],
    oneTimeCode: environment['MADANG_ONE_TIME_CODE'],
    passwordStdin: values['password-stdin'] ?? false,
    txCode: values['tx-code'],
    form: values.form,
    text: values.text,
    renews: values.renews,
    wait: values.wait,
    timeoutMs: seconds(values.timeout, 120),
    yes: values.yes ?? false,
    account: values.account,
    amount: values.amount === undefined ? undefined : won(values.amount),
    capturer: values.capturer,
    seconds: values.seconds === undefined ? undefined : duration(values.seconds),
    forceNew: values['force-new'] ?? false,
    out: values.out,
  };
}

function read(argv: string[]) {
  try {
    return parseArgs({ args: waitAsWord(argv), options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw refuse('usage', 'Not understood', error instanceof Error ? error.message : undefined, error);
  }
}

/** `pay --wait` takes no value: it waits for `settled`. */
function waitAsWord(argv: string[]): string[] {
  const paying = argv.includes('pay');
  return argv.flatMap((word) => (word === '--wait' && paying ? ['--wait', 'settled'] : [word]));
}

function count(text: string): number {
  if (!/^[1-9][0-9]?$|^100$/.test(text)) throw refuse('usage', 'Not a number of copies (1 to 100)', text);
  return Number(text);
}

function won(text: string): number {
  if (!/^[1-9][0-9]{0,12}$/.test(text)) throw refuse('usage', 'Not an amount of won', text);
  return Number(text);
}

function duration(text: string): number {
  if (!/^[1-9][0-9]{0,6}$/.test(text)) throw refuse('usage', 'Not a number of seconds', text);
  return Number(text);
}

function proofType(text: string): ProofType {
  if (text !== 'jwt' && text !== 'attestation') throw refuse('usage', 'A proof is jwt or attestation', text);
  return text;
}

function bindingOf(text: string): Binding {
  if (text !== 'jwk' && text !== 'did:jwk' && text !== 'did:key')
    throw refuse('usage', 'A binding is jwk, did:jwk or did:key', text);
  return text;
}

/** `QUERY=ID[,ID]` */
function choice(text: string): [string, string[]] {
  const [query, ids] = text.split('=');
  if (!query || !ids) throw refuse('usage', '--credential takes QUERY=ID', text);
  return [query, ids.split(',')];
}

function seconds(text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isFinite(value) || value < 0 || value > 86_400)
    throw refuse('usage', 'Not a number of seconds', text);
  return value * 1000;
}

export function needed(value: string | undefined, what: string): string {
  if (value === undefined || value === '')
    throw refuse('usage', `${what} is missing`, 'see madang-wallet --help');
  return value;
}
