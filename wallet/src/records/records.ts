import { idIn, type Api } from '../http/api.js';
import { isAmbiguous } from '../http/retry.js';
import { refuse } from '../problem.js';

export interface Step {
  name: string;
  state: 'waiting' | 'open' | 'done' | 'skipped';
  href?: string;
  at?: string;
}

export interface Application {
  id: string;
  service: string;
  state: string;
  steps: Step[];
}

/** A sentence in the city's languages. */
export interface Says {
  ko: string;
  en: string;
}

/** How far an application is, as `GET /records/applications/{id}/progress` tells it. */
export interface Progress {
  id: string;
  service: string;
  title: Says;
  state: string;
  says: Says;
  fee: string;
  service_level?: { working_days: number; due?: string; paused: boolean; overdue: boolean };
  next: { who: string; does: string; says: Says; href?: string; until?: string }[];
  timeline: { what: string; by: string; says: Says; at: string; until?: string; text?: string }[];
}

export interface SealedDocument {
  metadata: unknown;
  pdf: Uint8Array;
  proof: Uint8Array;
  opening: Uint8Array;
}

/** Order of an application's states; one of `ENDS` ends it instead of the last ones. */
const ENDS = ['refused', 'withdrawn', 'expired', 'failed'];
const STATES = ['submitted', 'deciding', 'granted', 'sealed', 'completed'];
const POLL_MS = 500;
/** Times that an application is sent when answers are lost. */
const ATTEMPTS_MAX = 5;

/** Public services, the person's applications to them, and the records that come out. */
export class Records {
  constructor(private readonly api: Api) {}

  services(): Promise<unknown[]> {
    return this.api.all('/records/services', false);
  }

  applications(): Promise<Application[]> {
    return this.api.all('/records/applications');
  }

  application(reference: string): Promise<Application> {
    return this.api.get(`/records/applications/${idIn(reference)}`);
  }

  progress(reference: string): Promise<Progress> {
    return this.api.get(`/records/applications/${idIn(reference)}/progress`);
  }

  /** Answers what the officer asked, perhaps with a form that is filled in anew. */
  answer(reference: string, answer: string, form?: unknown): Promise<Application> {
    return this.act(reference, 'answer', form === undefined ? { answer } : { answer, form });
  }

  /** Gives up an application, or accepts its refusal; a fee that was paid goes back. Doing it again changes nothing. */
  withdraw(reference: string): Promise<Application> {
    return this.act(reference, 'withdrawal', {});
  }

  appeal(reference: string, reason: string): Promise<Application> {
    return this.act(reference, 'appeal', { reason });
  }

  private async act(reference: string, what: string, body: object): Promise<Application> {
    const path = `/records/applications/${idIn(reference)}/${what}`;
    return (await this.api.post<Application>(path, body, 'unsent')).body;
  }

  /**
   * Applies. An application is not idempotent: when the answer is lost, the wallet looks whether a new one has appeared
   * before it applies again.
   */
  async apply(service: string, form: unknown, renews?: string): Promise<Application> {
    const application = renews === undefined ? { service, form } : { service, form, renews: idIn(renews) };
    const before = new Set((await this.applications()).map(({ id }) => id));
    for (let attempt = 1; ; attempt++) {
      let lost = false;
      try {
        const seen = (outcome: unknown) => (lost ||= isAmbiguous(outcome));
        return (await this.api.post<Application>('/records/applications', application, 'unsent', seen)).body;
      } catch (problem) {
        if (!lost || attempt >= ATTEMPTS_MAX) throw problem;
        const appeared = (await this.applications()).filter(
          (each) => !before.has(each.id) && each.service === service,
        );
        if (appeared[0]) return appeared[0];
      }
    }
  }

  /**
   * Waits for a state (`sealed` is also met by `completed`), or for a step as `payment:open` (also met by `done` and
   * `skipped`).
   */
  async wait(reference: string, wanted: string, timeoutMs: number): Promise<Application> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const application = await this.application(reference);
      if (isReached(application, wanted)) return application;
      // what has ended still gives its fee back
      if (ENDS.includes(application.state) && !wanted.startsWith('refund:'))
        throw refuse(
          `application-${application.state}`,
          application.state === 'refused'
            ? 'The application was refused'
            : `The application is ${application.state}`,
          application.id,
        );
      if (Date.now() > until) {
        throw refuse(
          'timeout',
          `The application is ${application.state}, not ${wanted}`,
          JSON.stringify(application.steps),
        );
      }
      await new Promise((resume) => setTimeout(resume, POLL_MS));
    }
  }

  /** The sealed PDF, its transparency-log proof, and what opens the log's commitment to it. */
  async document(reference: string): Promise<SealedDocument> {
    const path = `/records/documents/${idIn(reference)}`;
    const metadata = await this.api.get<unknown>(path);
    const pdf = (await this.api.getBytes(`${path}/pdf`, 'application/pdf')).bytes;
    const proof = (await this.api.getBytes(`${path}/proof`, '*/*')).bytes;
    const opening = (await this.api.getBytes(`${path}/opening`, 'application/json')).bytes;
    return { metadata, pdf, proof, opening };
  }
}

export function isReached(application: Application, wanted: string): boolean {
  const [step, state] = wanted.split(':');
  if (state !== undefined) {
    const now = application.steps.find(({ name }) => name === step)?.state;
    return now === state || (state === 'open' && (now === 'done' || now === 'skipped'));
  }
  if (application.state === wanted) return true;
  return STATES.includes(wanted) && STATES.indexOf(application.state) >= STATES.indexOf(wanted);
}
