import { refuse } from '../problem.js';
import { readJson, writeJson, type Store } from '../store/store.js';
import type { CheckedCredential, StatusReference } from './checked.js';
import type { Display } from './issuer.js';

/** One of several credentials with the same claims; each is shown once, so that verifiers cannot link what they saw. */
export interface Copy {
  /** Name of the key that it is bound to. */
  key: string;
  /** SD-JWT VC with all its disclosures, or base64url of an mdoc. */
  credential: string;
  status?: StatusReference;
  /** RFC 3339: when it was last shown. */
  used_at?: string;
}

export interface StoredCredential extends CheckedCredential {
  id: string;
  /** Credential issuer identifier. */
  issuer_url: string;
  credential_configuration_id: string;
  credential_identifier?: string;
  /** What the issuer calls it, by language. */
  display: Display[];
  /** What its type's metadata calls it, by language. */
  type_display: Display[];
  copies: Copy[];
  notification_id?: string;
  /** Name of the grant that it came from, by which it can be renewed. */
  grant: string;
  /** RFC 3339. */
  received_at: string;
}

/** The credentials that the person holds. */
export class Credentials {
  constructor(private readonly store: Store) {}

  /** Keeps a credential under an id, in the place of what was there. */
  async put(id: string, credential: Omit<StoredCredential, 'id' | 'received_at'>): Promise<void> {
    await this.store.exclusive('credentials', () =>
      this.save({ ...credential, id, received_at: new Date().toISOString() }),
    );
  }

  /** All of them, the newest first. */
  async all(): Promise<StoredCredential[]> {
    const found = await Promise.all(
      (await this.store.list('credentials')).map((name) => readJson<StoredCredential>(this.store, name)),
    );
    return found
      .filter((credential) => credential !== undefined)
      .filter((credential) => Array.isArray(credential.copies))
      .sort((a, b) => (a.received_at < b.received_at ? 1 : -1));
  }

  async get(id: string): Promise<StoredCredential> {
    const found = (await this.all()).find((credential) => credential.id === id);
    if (!found) throw refuse('no-such-credential', 'The wallet does not hold that credential', id);
    return found;
  }

  /**
   * Takes the next copy to show and marks it before anything is sent, so that two presentations never share one while
   * there is another. When all were shown, the one that was shown longest ago is shown again.
   */
  async use(id: string): Promise<{ copy: Copy; again: boolean }> {
    return this.store.exclusive('credentials', async () => {
      const credential = await this.get(id);
      const [copy] = [...credential.copies].sort((a, b) => ((a.used_at ?? '') < (b.used_at ?? '') ? -1 : 1));
      if (!copy) throw refuse('no-such-credential', 'The wallet does not hold that credential', id);
      const again = copy.used_at !== undefined;
      copy.used_at = new Date().toISOString();
      await this.save(credential);
      return { copy, again };
    });
  }

  async remove(id: string): Promise<void> {
    await this.store.exclusive('credentials', () => this.store.remove(`credentials/${id}.json`));
  }

  private save(credential: StoredCredential): Promise<void> {
    return writeJson(this.store, `credentials/${credential.id}.json`, credential);
  }
}

/** Copies that no verifier has seen. */
export function unusedOf(credential: StoredCredential): number {
  return credential.copies.filter((copy) => copy.used_at === undefined).length;
}

export function isExpired(credential: CheckedCredential, at = Date.now()): boolean {
  return credential.expiresAt !== undefined && credential.expiresAt * 1000 <= at;
}
