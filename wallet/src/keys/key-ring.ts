import { refuse } from '../problem.js';
import { readJson, writeJson, type Store } from '../store/store.js';
import { generateKey, thumbprintOf, type PrivateKey } from './p256.js';

/** The wallet's private keys. A key is on disk before anything is signed with it. */
export class KeyRing {
  constructor(private readonly store: Store) {}

  /** Makes a key; the answer is its name, its RFC 7638 thumbprint. */
  async create(): Promise<string> {
    const key = await generateKey();
    const name = await thumbprintOf(key);
    await writeJson(this.store, `keys/k.${name}.json`, key);
    return name;
  }

  async get(name: string): Promise<PrivateKey> {
    const key = await this.find(name);
    if (!key) throw refuse('no-such-key', 'The wallet does not hold that key');
    return key;
  }

  /** Destroys a key: nothing can be signed with it any more. */
  async remove(name: string): Promise<void> {
    await this.store.remove(`keys/k.${name}.json`);
  }

  async find(name: string): Promise<PrivateKey | undefined> {
    return readJson<PrivateKey>(this.store, `keys/k.${name}.json`);
  }
}
