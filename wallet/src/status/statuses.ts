import type { RepeatingFetch } from '../http/retry.js';
import { isExpired, type StoredCredential } from '../issuance/credentials.js';
import type { TrustAnchors } from '../trust/certificate-chain.js';
import { StatusLists, type CredentialStatus } from './status-list.js';

/** Status of a credential as its holder sees it: `expired` and `unlisted` (it has no status) beside the issuer's own. */
export type HeldStatus = CredentialStatus | 'expired' | 'unlisted';

export interface StatusReport {
  status: HeldStatus;
  /** Why it is unknown. */
  reason?: string;
}

/** Looks at the status of the person's own credentials. Each list is fetched once for all of its entries. */
export class Statuses {
  private readonly lists: StatusLists;

  constructor(fetch: RepeatingFetch, anchors: TrustAnchors) {
    this.lists = new StatusLists(fetch, anchors);
  }

  /** A credential is as bad as the worst of its copies. */
  async of(credential: StoredCredential): Promise<StatusReport> {
    if (isExpired(credential)) return { status: 'expired' };
    const reports: StatusReport[] = [];
    for (const { status } of credential.copies) if (status) reports.push(await this.lists.of(status));
    for (const worst of ['revoked', 'suspended', 'other', 'unknown'] as const) {
      const found = reports.find((report) => report.status === worst);
      if (found) return found;
    }
    return reports[0] ?? { status: 'unlisted' };
  }
}
