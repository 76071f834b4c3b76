import { Api } from './http/api.js';
import { onlyTo, parseOrigin } from './http/origin.js';
import { retrying, type Fetch, type RepeatingFetch } from './http/retry.js';
import { Issuance } from './issuance/receive.js';
import { Offers } from './issuance/offers.js';
import { Accounts } from './payment/accounts.js';
import { Bills } from './payment/bills.js';
import { Payments } from './payment/pay.js';
import { Presentations } from './presentation/present.js';
import { Records } from './records/records.js';
import { Session } from './signin/session.js';
import type { Store } from './store/store.js';
import { TrustAnchors } from './trust/certificate-chain.js';

export interface WalletOptions {
  store: Store;
  /** `https://host[:port]`, the one address that the wallet talks to. */
  origin: string;
  /** PEM of whom issuers' and verifiers' certificates must come from. */
  trustAnchor: string;
  fetch: Fetch;
  /** How long requests are repeated while a service restarts. */
  retryMs?: number;
}

/** A person's wallet at one city. */
export class Wallet {
  readonly origin: string;
  /** Reaches the origin alone, and repeats what may be repeated. */
  readonly fetch: RepeatingFetch;
  readonly session: Session;
  readonly offers: Offers;
  readonly issuance: Issuance;
  readonly presentations: Presentations;
  readonly accounts: Accounts;
  readonly bills: Bills;
  readonly payments: Payments;
  readonly records: Records;
  readonly api: Api;

  constructor(options: WalletOptions) {
    const { store } = options;
    this.origin = parseOrigin(options.origin);
    this.fetch = retrying(onlyTo(this.origin, options.fetch), options.retryMs ?? 60_000);
    const anchors = TrustAnchors.fromPem(options.trustAnchor);
    this.session = new Session(store, this.origin, this.fetch);
    this.api = new Api(this.origin, this.fetch, () => this.session.accessToken());
    this.offers = new Offers(this.api);
    this.issuance = new Issuance(store, this.origin, this.fetch, anchors);
    this.presentations = new Presentations(
      store,
      this.origin,
      this.fetch,
      anchors,
      this.issuance.credentials,
    );
    this.accounts = new Accounts(store, this.api);
    this.bills = new Bills(this.api);
    this.payments = new Payments(store, this.api, this.accounts, this.bills);
    this.records = new Records(this.api);
  }
}
