import type { Binding, ProofType } from './proofs.js';
import type { Browser } from './tokens.js';

/** How credentials are to be received. */
export interface ReceiveOptions {
  /** Transaction code of a pre-authorized offer. */
  txCode?: string | undefined;
  /** For an authorization that wants the person to sign in. */
  browser?: (() => Promise<Browser>) | undefined;
  /** How many copies to ask for, where the issuer gives several. */
  copies?: number | undefined;
  /** How long to wait for credentials that the issuer has not ready yet. */
  waitMs?: number | undefined;
  /** Ask with `authorization_details` even where scopes would do. */
  authorizationDetails?: boolean | undefined;
  /** Which proof to give where the issuer takes both. */
  proof?: ProofType | undefined;
  /** What proven keys are given as, where the issuer takes that. */
  binding?: Binding | undefined;
  /** Told what is being done, in a few words. */
  progress?: ((step: ProgressStep) => void) | undefined;
}

export type ProgressStep = 'offer' | 'issuer' | 'sign-in' | 'token' | 'credential' | 'waiting';
