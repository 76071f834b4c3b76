/**
 * A failure that a caller can act on, in the shape of RFC 9457. Problems of the services keep the `type` that the
 * service gave; the wallet's own start with `urn:madang:problem:wallet-`.
 */
export class WalletProblem extends Error {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string | undefined;
  /** Further members of a service's problem document, or what the wallet wants to tell beside it. */
  readonly more: Record<string, unknown>;

  constructor(problem: {
    type: string;
    title: string;
    status?: number;
    detail?: string | undefined;
    more?: Record<string, unknown>;
    cause?: unknown;
  }) {
    super(problem.detail ? `${problem.title}: ${problem.detail}` : problem.title, { cause: problem.cause });
    this.name = 'WalletProblem';
    this.type = problem.type;
    this.title = problem.title;
    this.status = problem.status ?? 0;
    this.detail = problem.detail;
    this.more = problem.more ?? {};
  }

  toJSON(): Record<string, unknown> {
    return {
      ...this.more,
      type: this.type,
      title: this.title,
      status: this.status,
      detail: this.detail ?? '',
    };
  }
}

/** A problem that the wallet itself found; `slug` is stable, `title` and `detail` are for people. */
export function refuse(slug: string, title: string, detail?: string, cause?: unknown): WalletProblem {
  return new WalletProblem({ type: `urn:madang:problem:wallet-${slug}`, title, detail, cause });
}

/** Reads the messages along the chain of causes, outermost first. */
export function reasonOf(error: unknown): string {
  const parts: string[] = [];
  for (let at: unknown = error; at instanceof Error && parts.length < 5; at = at.cause) {
    if (at.message && !parts.some((part) => part.includes(at.message))) parts.push(at.message);
  }
  return parts.length > 0 ? parts.join(': ') : String(error);
}
