import { hex, sha256, utf8 } from '../bytes.js';
import { idIn, type Api } from '../http/api.js';
import { refuse, WalletProblem } from '../problem.js';
import { readJson, writeJson, type Store } from '../store/store.js';
import type { Accounts } from './accounts.js';
import { checkBill, type Bill, type Bills } from './bills.js';
import { authorisationId, cancelHash, captureHash, holdHash, messageOf, structHash } from './eip712.js';
import { separatorOf, signatureOf } from './ledger.js';
import { Nonces } from './nonces.js';
import { instalmentHash, refundHash } from './references.js';

/** How far the clocks of the wallet and the ledger may differ. */
const VALID_BEFORE_NOW_SECONDS = 300;
/** An authorisation has to outlive its settlement, also when a service is down for a while. */
const VALID_SECONDS = 3_600;
const NO_BILL = `0x${'00'.repeat(32)}`;

/** What is sent to `POST /payment/authorisations`. */
export interface AuthorisationRequest {
  from: string;
  key_version: number;
  to: string;
  amount: number;
  bill_hash: string;
  /** Decimal. */
  nonce: string;
  /** Unix seconds. */
  valid_after: number;
  valid_before: number;
  /** base64url of r‖s. */
  signature: string;
  instalment_of?: string;
  refund_of?: string;
  capturer?: string;
  hold_until?: number;
}

export interface Authorisation {
  id: string;
  state: 'held' | 'accepted' | 'settled' | 'reversed';
  reason?: string;
  [member: string]: unknown;
}

/** An authorisation in the wallet's own book, written before it is sent for the first time. */
interface Signed {
  id: string;
  /** The bill that it pays; absent for what pays none. */
  bill?: string;
  request: AuthorisationRequest;
  state: 'signed' | 'accepted' | 'refused' | 'cancelled';
  signed_at: string;
}

/** What the person wants, before an account and a nonce are chosen. */
interface Intent {
  /** Names it in the book: the same intent, tried again, finds what was signed for it. */
  name: string;
  bill?: string;
  to: string;
  amount: number;
  account?: string | undefined;
  billHash: (from: string, nonce: bigint) => Promise<string>;
  more: Pick<AuthorisationRequest, 'instalment_of' | 'refund_of' | 'capturer' | 'hold_until'>;
  validSeconds: number;
  /** Whether it can only be meant once: then what was accepted is sent again rather than signed anew. */
  once: boolean;
}

export type PayOutcome = Authorisation & { bill?: string; replayed: boolean };

export interface PayOptions {
  account?: string | undefined;
  forceNew?: boolean;
  /** Won; less than the bill asks for is an instalment. */
  amount?: number | undefined;
}

export class Payments {
  private readonly nonces: Nonces;

  constructor(
    private readonly store: Store,
    private readonly api: Api,
    private readonly accounts: Accounts,
    private readonly bills: Bills,
  ) {
    this.nonces = new Nonces(store);
  }

  /**
   * Pays a bill, of one's own or by its link, whole or in part. Trying again sends the authorisation that was signed before, byte
   * for byte, unless the ledger has refused or reversed it; `forceNew` signs a second, different one whatever happened before. An
   * instalment that was accepted is followed by another one.
   */
  async pay(billReference: string, options: PayOptions = {}): Promise<PayOutcome> {
    const bill = await this.bills.get(billReference);
    await checkBill(bill);
    const part = options.amount !== undefined && options.amount !== bill.amount;
    if (part) requirePart(bill, options.amount!);
    const intent: Intent = {
      name: part ? await named('instalment', bill.id, String(options.amount)) : bill.id,
      bill: bill.id,
      to: bill.payee,
      amount: options.amount ?? bill.amount,
      account: options.account,
      billHash: async (from, nonce) => (part ? instalmentHash(bill.bill_hash, from, nonce) : bill.bill_hash),
      more: part ? { instalment_of: bill.bill_hash } : {},
      validSeconds: VALID_SECONDS,
      once: !part,
    };
    return this.carryOut(intent, options.forceNew ?? false, () => {
      if (!options.forceNew && (bill.state === 'paid' || bill.state === 'cancelled')) {
        throw refuse(`bill-${bill.state}`, `The bill is ${bill.state}`, bill.id);
      }
    });
  }

  /**
   * Has money held for a payee. Whoever has the capturer's key takes up to the amount of it, once; what is not taken, or not in
   * time, is available again.
   */
  async hold(
    to: string,
    amount: number,
    options: {
      capturer?: string | undefined;
      seconds: number;
      account?: string | undefined;
      forceNew?: boolean;
    },
  ): Promise<PayOutcome> {
    const capturer = options.capturer ?? to;
    const intent: Intent = {
      name: await named('hold', to, capturer, String(amount)),
      to,
      amount,
      account: options.account,
      billHash: async () => NO_BILL,
      more: { capturer, hold_until: Math.floor(Date.now() / 1000) + options.seconds },
      // what is captured in the last moment still has to settle, and no longer: the ledger itself ends the hold then
      validSeconds: options.seconds + VALID_SECONDS,
      once: false,
    };
    return this.carryOut(intent, options.forceNew ?? false);
  }

  /** Takes a part or all of what is held for an account of this wallet. */
  async capture(reference: string, amount: number): Promise<Authorisation> {
    const id = idIn(reference);
    const held = await this.get(id);
    const capturer = String(held['capturer'] ?? '');
    const key = await this.accounts.keyOf(capturer);
    const { key_version } = await this.accounts.get(capturer);
    const hash = captureHash({ hold: id, keyVersion: key_version, amount });
    const signature = await signatureOf(key, await separatorOf(this.api), hash);
    const body = { amount, key_version, signature };
    return (await this.api.post<Authorisation>(`/payment/authorisations/${id}/capture`, body, 'always')).body;
  }

  /** Gives what is held for the person back. */
  async giveUp(reference: string): Promise<Authorisation> {
    const path = `/payment/authorisations/${idIn(reference)}/void`;
    return (await this.api.post<Authorisation>(path, {}, 'always')).body;
  }

  /** Pays a settled payment back to the account that paid, whole or in part, out of an account of the payee. */
  async refund(
    reference: string,
    options: { amount?: number | undefined; account?: string | undefined; forceNew?: boolean } = {},
  ): Promise<PayOutcome> {
    const paid = await this.get(reference);
    if (paid.state !== 'settled') throw refuse('not-settled', 'Only what has settled is paid back', paid.id);
    const moved = Number(paid['captured_amount'] ?? paid['amount']);
    const amount = options.amount ?? moved - Number(paid['refunded'] ?? 0);
    if (!Number.isSafeInteger(amount) || amount < 1)
      throw refuse('nothing-to-refund', 'Nothing is left to pay back', paid.id);
    const intent: Intent = {
      name: await named('refund', paid.id, String(amount)),
      to: String(paid['from']),
      amount,
      account: options.account,
      billHash: (from, nonce) => refundHash(paid.id, from, nonce),
      more: { refund_of: paid.id },
      validSeconds: VALID_SECONDS,
      once: false,
    };
    return this.carryOut(intent, options.forceNew ?? false);
  }

  /**
   * Gives up an authorisation that was signed here and that nobody has accepted: its nonce is cancelled, on the ledger too, so that
   * whoever got hold of the signature can do nothing with it.
   */
  async cancel(id: string): Promise<{ id: string; nonce: string; on_ledger: string }> {
    const [file, signed] = await this.signedAs(id);
    const { from, nonce } = signed.request;
    const { key_version } = await this.accounts.get(from);
    const hash = cancelHash({ account: from, keyVersion: key_version, nonce: BigInt(nonce) });
    const key = await this.accounts.keyOf(from);
    const signature = await signatureOf(key, await separatorOf(this.api), hash);
    const path = `/payment/accounts/${from}/cancelled-nonces/${nonce}`;
    const answer = await this.api.put<{ on_ledger: string }>(`${path}/signature`, { key_version, signature });
    await writeJson(this.store, file, { ...signed, state: 'cancelled' });
    return { id: signed.id, nonce, on_ledger: answer.on_ledger };
  }

  get(reference: string): Promise<Authorisation> {
    return this.api.get(`/payment/authorisations/${idIn(reference)}`);
  }

  /** The receipt that the service signed: a compact JWS, or JSON that carries one. */
  async receipt(reference: string): Promise<unknown> {
    const path = `/payment/authorisations/${idIn(reference)}/receipt`;
    const { bytes } = await this.api.getBytes(
      path,
      'application/jose, application/jwt, application/json, text/plain',
    );
    const text = new TextDecoder().decode(bytes).trim();
    return text.startsWith('{') ? JSON.parse(text) : { receipt: text };
  }

  /** The receipt to be kept: it is checked offline, by anyone, without this wallet or the service. */
  async receiptFile(reference: string): Promise<Uint8Array> {
    const path = `/payment/authorisations/${idIn(reference)}/receipt/file`;
    return (await this.api.getBytes(path, 'application/json')).bytes;
  }

  /** Waits until the ledger has settled or reversed it, or the time is over. */
  async settled(id: string, waitMs: number): Promise<Authorisation> {
    const until = Date.now() + waitMs;
    for (;;) {
      const authorisation = await this.get(id);
      if (authorisation.state !== 'accepted') return authorisation;
      if (Date.now() > until) throw refuse('timeout', 'The payment is not settled yet', id);
      await new Promise((resume) => setTimeout(resume, 500));
    }
  }

  private async carryOut(
    intent: Intent,
    forceNew: boolean,
    requireOpen: () => void = () => undefined,
  ): Promise<PayOutcome> {
    const [file, signed] = await this.store.exclusive(`pay.${intent.name}`, async () => {
      const before = forceNew ? undefined : await this.reusable(intent);
      if (before) return before;
      requireOpen();
      return this.authorise(intent);
    });
    return this.send(file, signed);
  }

  private async book(name: string): Promise<string[]> {
    return (await this.store.list('authorisations')).filter((file) => file.includes(`/${name}.`));
  }

  private async reusable(intent: Intent): Promise<[string, Signed] | undefined> {
    const file = (await this.book(intent.name)).at(-1);
    const signed = file && (await readJson<Signed>(this.store, file));
    if (!file || !signed || signed.state === 'refused' || signed.state === 'cancelled') return undefined;
    if (signed.state === 'accepted' && !intent.once) return undefined;
    const known = await this.get(signed.id).catch((problem: unknown) => {
      if (problem instanceof WalletProblem && problem.status === 404) return undefined;
      throw problem;
    });
    if (known?.state === 'reversed') return undefined;
    const expired = signed.request.valid_before <= Date.now() / 1000;
    return known === undefined && expired ? undefined : [file, signed];
  }

  private async signedAs(id: string): Promise<[string, Signed]> {
    for (const file of await this.store.list('authorisations')) {
      const signed = await readJson<Signed>(this.store, file);
      if (signed?.id === id) return [file, signed];
    }
    throw refuse('no-such-payment', 'The wallet has signed no payment of this id', id);
  }

  private async authorise(intent: Intent): Promise<[string, Signed]> {
    const separator = await separatorOf(this.api);
    const account = await this.accounts.choose(intent.amount, intent.account);
    const key = await this.accounts.keyOf(account.id);
    const now = Math.floor(Date.now() / 1000);
    const nonce = await this.nonces.next();
    const pay = {
      from: account.id,
      keyVersion: account.key_version,
      to: intent.to,
      amount: intent.amount,
      billHash: await intent.billHash(account.id, nonce),
      nonce,
      validAfter: now - VALID_BEFORE_NOW_SECONDS,
      validBefore: now + intent.validSeconds,
    };
    const { capturer } = intent.more;
    const hash = capturer ? holdHash({ ...pay, capturer, maxAmount: pay.amount }) : structHash(pay);
    const signed: Signed = {
      id: await authorisationId(messageOf(separator, hash)),
      ...(intent.bill ? { bill: intent.bill } : {}),
      request: {
        from: pay.from,
        key_version: pay.keyVersion,
        to: pay.to,
        amount: pay.amount,
        bill_hash: pay.billHash,
        nonce: pay.nonce.toString(),
        valid_after: pay.validAfter,
        valid_before: pay.validBefore,
        signature: await signatureOf(key, separator, hash),
        ...intent.more,
      },
      state: 'signed',
      signed_at: new Date().toISOString(),
    };
    const number = (await this.book(intent.name)).length + 1;
    const file = `authorisations/${intent.name}.${String(number).padStart(4, '0')}.json`;
    await writeJson(this.store, file, signed);
    return [file, signed];
  }

  private async send(file: string, signed: Signed): Promise<PayOutcome> {
    try {
      const answer = await this.api.post<Authorisation>('/payment/authorisations', signed.request, 'always');
      if (answer.body.id !== signed.id)
        throw refuse('bad-answer', 'The service answered for another authorisation');
      await writeJson(this.store, file, { ...signed, state: 'accepted' });
      const replayed = answer.headers.get('idempotency-replayed') === 'true';
      return { ...answer.body, ...(signed.bill ? { bill: signed.bill } : {}), replayed };
    } catch (problem) {
      if (problem instanceof WalletProblem && [400, 409, 422].includes(problem.status)) {
        await writeJson(this.store, file, { ...signed, state: 'refused' });
      }
      throw problem;
    }
  }
}

function requirePart(bill: Bill, amount: number): void {
  if (!bill.partial) throw refuse('bill-not-partial', 'The bill takes no instalments', bill.id);
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > (bill.left ?? bill.amount)) {
    throw refuse('bad-amount', 'Not a part of what is left of the bill', String(amount));
  }
}

/** A name for the book, which tells nobody what it is about. */
async function named(kind: string, ...about: string[]): Promise<string> {
  return `${kind}-${hex(await sha256(utf8(about.join(' ')))).slice(0, 32)}`;
}
