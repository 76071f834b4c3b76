/**
 * The wallet as a library. Everything here runs in a browser too; files, TLS options and the command line are in
 * `store/file-store`, `http/node-fetch` and `cli`.
 */
export { Wallet, type WalletOptions } from './wallet.js';
export { WalletProblem } from './problem.js';
export type { Store } from './store/store.js';
export type { Fetch } from './http/retry.js';
export { DevelopmentWalletProvider } from './attestation/development.js';
export type { WalletProvider } from './attestation/wallet-provider.js';
export type { CheckedCredential, StatusReference } from './issuance/checked.js';
export { unusedOf, type Copy, type StoredCredential } from './issuance/credentials.js';
export type { CredentialFormat } from './issuance/formats.js';
export type { Configuration, Display } from './issuance/issuer.js';
export { isOfferUri, offerUriOf, type OwnOffer } from './issuance/offers.js';
export type { Binding, ProofType } from './issuance/proofs.js';
export type { ProgressStep, ReceiveOptions } from './issuance/options.js';
export type { Browser } from './issuance/tokens.js';
export type { Choice } from './presentation/matching.js';
export type {
  CopiesWarning,
  Disclosure,
  PreparedPresentation,
  PresentationOutcome,
  Shown,
} from './presentation/present.js';
export type { CheckedRequest } from './presentation/request.js';
export type { TransactionData } from './presentation/transaction-data.js';
export type { Verifier } from './presentation/verifier.js';
export type { CredentialStatus } from './status/status-list.js';
export type { HeldStatus, StatusReport } from './status/statuses.js';
export type { Account, HeldAccount, Recovery } from './payment/accounts.js';
export { billHash, linkIn, type Bill } from './payment/bills.js';
export {
  authorisationId,
  cancelHash,
  captureHash,
  domainSeparator,
  holdHash,
  messageOf,
  rotateHash,
  structHash,
  vetoHash,
  type CancelNonce,
  type Capture,
  type Hold,
  type LedgerDomain,
  type Pay,
  type RotateKey,
  type VetoRecovery,
} from './payment/eip712.js';
export { instalmentHash, refundHash } from './payment/references.js';
export type { Authorisation, PayOptions, PayOutcome } from './payment/pay.js';
export type { Application, Step } from './records/records.js';
export type { PendingSignIn, Person } from './signin/session.js';
