/**
 * The wallet as a library. Everything here runs in a browser too; files, TLS options and the command line are in
 * `store/file-store`, `http/node-fetch` and `cli`.
 */
export { Wallet, type WalletOptions } from './wallet.js';
export { WalletProblem } from './problem.js';
export type { Store } from './store/store.js';
export type { Fetch } from './http/retry.js';
export { isOfferUri, offerUriOf, type OwnOffer } from './issuance/offers.js';
export type { StoredCredential } from './issuance/credentials.js';
export type { Disclosure, PreparedPresentation, PresentationOutcome } from './presentation/present.js';
export type { Account, HeldAccount } from './payment/accounts.js';
export { billHash, type Bill } from './payment/bills.js';
export {
  authorisationId,
  domainSeparator,
  messageOf,
  structHash,
  type LedgerDomain,
  type Pay,
} from './payment/eip712.js';
export type { Authorisation, PayOutcome } from './payment/pay.js';
export type { Application, Step } from './records/records.js';
export type { PendingSignIn, Person } from './signin/session.js';
