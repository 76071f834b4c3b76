import { base64url } from '../bytes.js';
import { idIn, type Api } from '../http/api.js';
import { sign, withLowS } from '../keys/p256.js';
import { refuse, WalletProblem } from '../problem.js';
import { readJson, writeJson, type Store } from '../store/store.js';
import type { Accounts } from './accounts.js';
import { checkBill, type Bill, type Bills } from './bills.js';
import { authorisationId, domainSeparator, messageOf, type LedgerDomain } from './eip712.js';
import { Nonces } from './nonces.js';

/** How far the clocks of the wallet and the ledger may differ. */
const VALID_BEFORE_NOW_SECONDS = 300;
/** An authorisation has to outlive its settlement, also when a service is down for a while. */
const VALID_SECONDS = 3_600;

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
}

export interface Authorisation {
  id: string;
  state: 'accepted' | 'settled' | 'reversed';
  reason?: string;
  [member: string]: unknown;
}

/** An authorisation in the wallet's own book, written before it is sent for the first time. */
interface Signed {
  id: string;
  bill: string;
  request: AuthorisationRequest;
  state: 'signed' | 'accepted' | 'refused';
  signed_at: string;
}

export type PayOutcome = Authorisation & { bill: string; replayed: boolean };

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
   * Pays a bill. Trying again sends the authorisation that was signed before, byte for byte, unless the ledger has refused
   * or reversed it; `forceNew` signs a second, different one whatever happened before.
   */
  async pay(
    billReference: string,
    options: { account?: string; forceNew?: boolean } = {},
  ): Promise<PayOutcome> {
    const bill = await this.bills.get(billReference);
    await checkBill(bill);
    const name = `pay.${bill.id}`;
    const [file, signed] = await this.store.exclusive(name, async () => {
      const before = options.forceNew ? undefined : await this.reusable(bill.id);
      if (before) return before;
      if (!options.forceNew && (bill.state === 'paid' || bill.state === 'cancelled')) {
        throw refuse(`bill-${bill.state}`, `The bill is ${bill.state}`, bill.id);
      }
      return this.authorise(bill, options.account);
    });
    return this.send(file, signed);
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

  private async reusable(billId: string): Promise<[string, Signed] | undefined> {
    const file = (await this.store.list('authorisations'))
      .filter((name) => name.includes(`/${billId}.`))
      .at(-1);
    const signed = file && (await readJson<Signed>(this.store, file));
    if (!file || !signed || signed.state === 'refused') return undefined;
    const known = await this.get(signed.id).catch((problem: unknown) => {
      if (problem instanceof WalletProblem && problem.status === 404) return undefined;
      throw problem;
    });
    if (known?.state === 'reversed') return undefined;
    const expired = signed.request.valid_before <= Date.now() / 1000;
    return known === undefined && expired ? undefined : [file, signed];
  }

  private async authorise(bill: Bill, accountId: string | undefined): Promise<[string, Signed]> {
    const separator = await this.separator();
    const account = await this.accounts.choose(bill.amount, accountId);
    const key = await this.accounts.keyOf(account.id);
    const now = Math.floor(Date.now() / 1000);
    const pay = {
      from: account.id,
      keyVersion: account.key_version,
      to: bill.payee,
      amount: bill.amount,
      billHash: bill.bill_hash,
      nonce: await this.nonces.next(),
      validAfter: now - VALID_BEFORE_NOW_SECONDS,
      validBefore: now + VALID_SECONDS,
    };
    const message = messageOf(separator, pay);
    const signed: Signed = {
      id: await authorisationId(message),
      bill: bill.id,
      request: {
        from: pay.from,
        key_version: pay.keyVersion,
        to: pay.to,
        amount: pay.amount,
        bill_hash: pay.billHash,
        nonce: pay.nonce.toString(),
        valid_after: pay.validAfter,
        valid_before: pay.validBefore,
        signature: base64url(withLowS(await sign(key, message))),
      },
      state: 'signed',
      signed_at: new Date().toISOString(),
    };
    const number =
      (await this.store.list('authorisations')).filter((each) => each.includes(`/${bill.id}.`)).length + 1;
    const file = `authorisations/${bill.id}.${String(number).padStart(4, '0')}.json`;
    await writeJson(this.store, file, signed);
    return [file, signed];
  }

  /** Section "The ledger's messages": the separator is computed here and must be what the ledger says. */
  private async separator(): Promise<string> {
    const ledger = await this.api.getPublic<LedgerDomain & { domain_separator: string }>('/payment/ledger');
    const separator = domainSeparator(ledger);
    if (
      ledger.name !== 'Madang Ledger' ||
      ledger.version !== '1' ||
      separator !== ledger.domain_separator.toLowerCase()
    ) {
      throw refuse('bad-ledger', 'The ledger does not publish the domain that it signs under');
    }
    return separator;
  }

  private async send(file: string, signed: Signed): Promise<PayOutcome> {
    try {
      const answer = await this.api.post<Authorisation>('/payment/authorisations', signed.request, 'always');
      if (answer.body.id !== signed.id)
        throw refuse('bad-answer', 'The service answered for another authorisation');
      await writeJson(this.store, file, { ...signed, state: 'accepted' });
      const replayed = answer.headers.get('idempotency-replayed') === 'true';
      return { ...answer.body, bill: signed.bill, replayed };
    } catch (problem) {
      if (problem instanceof WalletProblem && [400, 409, 422].includes(problem.status)) {
        await writeJson(this.store, file, { ...signed, state: 'refused' });
      }
      throw problem;
    }
  }
}
