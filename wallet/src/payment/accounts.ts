import type { Api } from '../http/api.js';
import { isAmbiguous } from '../http/retry.js';
import { KeyRing } from '../keys/key-ring.js';
import { publicKeyOf, signJwt } from '../keys/p256.js';
import { refuse } from '../problem.js';
import { readJson, writeJson, type Store } from '../store/store.js';

export interface Account {
  /** `0x` and 64 hex digits. */
  id: string;
  state: string;
  key_version: number;
  /** Won. */
  balance: number;
  available: number;
}

/** An account and whether this wallet can sign for it. */
export interface HeldAccount extends Account {
  key_held: boolean;
}

const OPENING = 'opening.json';
/** Times that an opening is asked for when answers are lost. */
const ATTEMPTS_MAX = 5;

export class Accounts {
  private readonly keys: KeyRing;

  constructor(
    private readonly store: Store,
    private readonly api: Api,
  ) {
    this.keys = new KeyRing(store);
  }

  /** Opens an account with a key of its own. An opening that was interrupted goes on with the key that it had. */
  async open(sub: string): Promise<HeldAccount> {
    return this.store.exclusive('opening', async () => {
      const opening = (await readJson<{ key: string }>(this.store, OPENING)) ?? {
        key: await this.keys.create(),
      };
      await writeJson(this.store, OPENING, opening);
      const account = await this.prove(opening.key, sub);
      await writeJson(this.store, `accounts/${account.id}.json`, { id: account.id, key: opening.key });
      await this.store.remove(OPENING);
      return { ...account, key_held: true };
    });
  }

  /** A proof is good for one request; when the answer is lost, the same key is proven anew. */
  private async prove(keyName: string, sub: string): Promise<Account> {
    const key = await this.keys.get(keyName);
    for (let attempt = 1; ; attempt++) {
      const claims = {
        aud: `${this.api.origin}/payment`,
        iat: Math.floor(Date.now() / 1000),
        jti: crypto.randomUUID(),
        sub,
      };
      const proof = await signJwt(key, { typ: 'madang-account+jwt', jwk: publicKeyOf(key) }, claims);
      let lost = false;
      try {
        const seen = (outcome: unknown) => (lost ||= isAmbiguous(outcome));
        return (await this.api.post<Account>('/payment/accounts', { proof }, 'unsent', seen)).body;
      } catch (problem) {
        if (!lost || attempt >= ATTEMPTS_MAX) throw problem;
        // Reading is repeated until the service is back, or the time for that is over.
        await this.api.get('/payment/accounts?limit=1');
      }
    }
  }

  async all(): Promise<HeldAccount[]> {
    const accounts = await this.api.all<Account>('/payment/accounts');
    return Promise.all(
      accounts.map(async (account) => ({
        ...account,
        key_held: (await this.keyName(account.id)) !== undefined,
      })),
    );
  }

  /** The account to pay `amount` from: the named one, or the first that this wallet signs for, best one with enough. */
  async choose(amount: number, id?: string): Promise<HeldAccount> {
    const held = (await this.all()).filter(
      (account) => account.key_held && (id === undefined || account.id === id),
    );
    const chosen = held.find((account) => account.available >= amount) ?? held[0];
    if (!chosen) throw refuse('no-account', 'The wallet has no account to pay from', id);
    return chosen;
  }

  async keyOf(id: string) {
    const name = await this.keyName(id);
    if (!name) throw refuse('no-such-key', 'The wallet does not hold the key of that account', id);
    return this.keys.get(name);
  }

  private async keyName(id: string): Promise<string | undefined> {
    if (!/^0x[0-9a-fA-F]{64}$/.test(id)) throw refuse('bad-answer', 'Not an account id', id.slice(0, 80));
    return (await readJson<{ key: string }>(this.store, `accounts/${id}.json`))?.key;
  }
}
