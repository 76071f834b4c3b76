import { refuse } from '../problem.js';
import { readJson, writeJson, type Store } from '../store/store.js';
import type { CheckedCredential } from './sd-jwt-vc.js';

export interface StoredCredential extends CheckedCredential {
  id: string;
  credential_configuration_id: string;
  /** What the issuer calls it, by language. */
  display: { name: string; locale?: string }[];
  /** Name of the key that it is bound to. */
  key: string;
  /** The SD-JWT VC with all its disclosures. */
  credential: string;
  /** RFC 3339. */
  received_at: string;
}

/** The credentials that the person holds. */
export class Credentials {
  constructor(private readonly store: Store) {}

  async add(credential: Omit<StoredCredential, 'id' | 'received_at'>): Promise<StoredCredential> {
    const stored = { ...credential, id: crypto.randomUUID(), received_at: new Date().toISOString() };
    await writeJson(this.store, `credentials/${stored.id}.json`, stored);
    return stored;
  }

  /** All of them, the newest first. */
  async all(): Promise<StoredCredential[]> {
    const found = await Promise.all(
      (await this.store.list('credentials')).map((name) => readJson<StoredCredential>(this.store, name)),
    );
    return found
      .filter((credential) => credential !== undefined)
      .sort((a, b) => (a.received_at < b.received_at ? 1 : -1));
  }

  async get(id: string): Promise<StoredCredential> {
    const found = (await this.all()).find((credential) => credential.id === id);
    if (!found) throw refuse('no-such-credential', 'The wallet does not hold that credential', id);
    return found;
  }
}

export function isExpired(credential: CheckedCredential, at = Date.now()): boolean {
  return credential.expiresAt !== undefined && credential.expiresAt * 1000 <= at;
}
