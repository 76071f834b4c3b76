import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { refuse } from '../problem.js';

export const USAGE = `usage: madang-wallet [options] <command>

  login [--username NAME [--password-stdin]]   sign in (password also from MADANG_PASSWORD); without a name, by browser
  logout | whoami
  offers                                       credential offers made to the person
  receive <offer-uri|offer-id> [--tx-code N]   take the credentials of an offer
  credentials | show <id>
  services
  apply <service> --form FILE|-                apply with a form (JSON)
  applications
  status <application> [--wait STATE|STEP:STATE] [--timeout SECONDS]
  present <openid4vp-uri|presentation-id> [--yes]
  account open | account list
  bills
  pay <bill> [--account ID] [--force-new] [--wait] [--timeout SECONDS]
  payment <id> | receipt <id>
  documents get <record> --out DIR

options (or environment):
  --home DIR            where the wallet keeps its keys and credentials (MADANG_HOME, ~/.madang-wallet)
  --origin URL          the city's address (MADANG_ORIGIN, https://localhost:8443)
  --ca FILE             PEM of the authority that the city's TLS certificate comes from (MADANG_CA)
  --trust-anchor FILE   PEM of the root of issuers and verifiers (MADANG_TRUST_ANCHOR; as --ca when absent)
  --retry-seconds N     how long to repeat requests while a service restarts (60)
  --json                one JSON document on standard output
`;

const OPTIONS = {
  home: { type: 'string' },
  origin: { type: 'string' },
  ca: { type: 'string' },
  'trust-anchor': { type: 'string' },
  'retry-seconds': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  username: { type: 'string' },
  'password-stdin': { type: 'boolean' },
  'tx-code': { type: 'string' },
  form: { type: 'string' },
  wait: { type: 'string' },
  timeout: { type: 'string' },
  yes: { type: 'boolean', short: 'y' },
  account: { type: 'string' },
  'force-new': { type: 'boolean' },
  out: { type: 'string' },
} as const;

export interface Arguments {
  command: string[];
  home: string;
  origin: string;
  ca: string | undefined;
  trustAnchor: string | undefined;
  retryMs: number;
  json: boolean;
  help: boolean;
  username: string | undefined;
  passwordStdin: boolean;
  txCode: string | undefined;
  form: string | undefined;
  wait: string | undefined;
  timeoutMs: number;
  yes: boolean;
  account: string | undefined;
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
    trustAnchor: values['trust-anchor'] ?? environment['MADANG_TRUST_ANCHOR'],
    retryMs: seconds(values['retry-seconds'], 60),
    json: values.json ?? false,
    help: values.help ?? false,
    username: values.username,
    passwordStdin: values['password-stdin'] ?? false,
    txCode: values['tx-code'],
    form: values.form,
    wait: values.wait,
    timeoutMs: seconds(values.timeout, 120),
    yes: values.yes ?? false,
    account: values.account,
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
