import type { WalletProvider } from './attestation/wallet-provider.js';
import { Api } from './http/api.js';
import { limiting, OPENID_LENGTH_MAX } from './http/limits.js';
import { onlyTo, parseOrigin } from './http/origin.js';
import { retrying, type Fetch, type RepeatingFetch } from './http/retry.js';
import { Issuance } from './issuance/receive.js';
import { Offers } from './issuance/offers.js';
import { KeyRing } from './keys/key-ring.js';
import { Accounts } from './payment/accounts.js';
import { Bills } from './payment/bills.js';
import { Payments } from './payment/pay.js';
import { Presentations } from './presentation/present.js';
import { Records } from './records/records.js';
import { Session } from './signin/session.js';
import { Statuses } from './status/statuses.js';
import type { Store } from './store/store.js';
import { TrustAnchors } from './trust/certificate-chain.js';

export interface WalletOptions {
  store: Store;
  /** `https://host[:port]`, the city's address. */
  origin: string;
  /** Addresses of further issuers and verifiers that the wallet may talk to. */
  allowedOrigins?: readonly string[];
  /** PEM of whom issuers' and verifiers' certificates must come from. */
  trustAnchor: string;
  fetch: Fetch;
  /** How long requests are repeated while a service restarts. */
  retryMs?: number;
  /** Who attests the wallet and its keys to issuers that want that. */
  walletProvider?: WalletProvider | undefined;
}

/** A person's wallet at one city. */
export class Wallet {
  readonly origin: string;
  /** Reaches the allowed origins alone, and repeats what may be repeated. */
  readonly fetch: RepeatingFetch;
  readonly session: Session;
  readonly offers: Offers;
  readonly issuance: Issuance;
  readonly presentations: Presentations;
  readonly statuses: Statuses;
  readonly accounts: Accounts;
  readonly bills: Bills;
  readonly payments: Payments;
  readonly records: Records;
  readonly api: Api;

  constructor(options: WalletOptions) {
    const { store, retryMs = 60_000, walletProvider: provider } = options;
    this.origin = parseOrigin(options.origin);
    const origins = [this.origin, ...(options.allowedOrigins ?? []).map(parseOrigin)];
    const reach = onlyTo(origins, options.fetch);
    this.fetch = retrying(reach, retryMs);
    const fetch = retrying(limiting(reach, OPENID_LENGTH_MAX), retryMs);
    const anchors = TrustAnchors.fromPem(options.trustAnchor);
    const keys = new KeyRing(store);
    this.session = new Session(store, this.origin, this.fetch);
    this.api = new Api(this.origin, this.fetch, () => this.session.accessToken());
    this.offers = new Offers(this.api);
    this.issuance = new Issuance(store, origins, { fetch, keys, anchors, provider, retryMs });
    const { credentials } = this.issuance;
    const renew = (id: string) => this.issuance.renew(id);
    this.presentations = new Presentations(store, origins, fetch, anchors, keys, credentials, renew);
    this.statuses = new Statuses(fetch, anchors);
    this.accounts = new Accounts(store, this.api);
    this.bills = new Bills(this.api);
    this.payments = new Payments(store, this.api, this.accounts, this.bills);
    this.records = new Records(this.api);
  }
}
