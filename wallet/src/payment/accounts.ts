import { fromBase64, hex } from '../bytes.js';
import { idIn, type Api } from '../http/api.js';
import { isAmbiguous } from '../http/retry.js';
import { KeyRing } from '../keys/key-ring.js';
import { publicKeyOf, signJwt } from '../keys/p256.js';
import { refuse } from '../problem.js';
import { readJson, writeJson, type Store } from '../store/store.js';
import { rotateHash, vetoHash } from './eip712.js';
import { separatorOf, signatureOf } from './ledger.js';

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

/** The key that replaces an account's, from before the ledger is asked for it until the ledger has it. */
interface NextKey {
  key: string;
  /** From this version on it is the account's. */
  version: number;
  /** The recovery that it waits for, when the key before it is lost. */
  recovery?: string;
}

/** A recovery of an account's key, as everyone sees it. */
export interface Recovery {
  id: string;
  account: string;
  state: string;
  key_version: number;
  new_key: { x: string; y: string };
  number?: number;
  ready_at?: number;
  [member: string]: unknown;
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

  /**
   * Replaces an account's key by a new one that the present key names. The new key is on disk before it is asked for; trying again
   * goes on with it.
   */
  async rotate(id: string, sub: string, waitMs: number): Promise<Account> {
    return this.store.exclusive(`next.${id}`, async () => {
      const account = await this.get(id);
      const present = await this.keyOf(id);
      const next = await this.next(account, undefined);
      const { x, y } = pointOf(await this.keys.get(next.key));
      const hash = rotateHash({ account: id, keyVersion: account.key_version, newX: x, newY: y });
      const signature = await signatureOf(present, await separatorOf(this.api), hash);
      const proof = await this.proof(next.key, sub);
      await this.api.put(`/payment/accounts/${id}/key`, {
        key_version: account.key_version,
        proof,
        signature,
      });
      const until = Date.now() + waitMs;
      for (;;) {
        const now = await this.get(id);
        if (now.key_version >= next.version) return now;
        if (Date.now() > until) throw refuse('timeout', 'The ledger does not have the new key yet', id);
        await new Promise((resume) => setTimeout(resume, 500));
      }
    });
  }

  /** Asks for a new key of an account whose key is lost. The person is then to be identified, and agencies have to agree. */
  async recover(id: string, sub: string): Promise<Recovery> {
    return this.store.exclusive(`next.${id}`, async () => {
      const account = await this.get(id);
      const next = await this.next(account, 'asked');
      const proof = await this.proof(next.key, sub);
      const path = `/payment/accounts/${id}/recoveries`;
      const { body } = await this.api.post<Recovery>(path, { proof }, 'unsent');
      await writeJson(this.store, nextFile(id), { ...next, recovery: body.id });
      return body;
    });
  }

  /** What was ever proposed to replace an account's key. */
  recoveries(id: string): Promise<Recovery[]> {
    return this.api.all(`/payment/recoveries?account=${accountId(id)}`, false);
  }

  /** Says no to the replacement of a key that this wallet holds. */
  async veto(reference: string): Promise<Recovery> {
    const recovery = await this.api.getPublic<Recovery>(`/payment/recoveries/${idIn(reference)}`);
    if (recovery.number === undefined)
      throw refuse('recovery-not-ready', 'The ledger does not have the recovery yet', recovery.id);
    const key = await this.keyOf(recovery.account);
    const hash = vetoHash({
      account: recovery.account,
      keyVersion: recovery.key_version,
      number: recovery.number,
      newX: recovery.new_key.x,
      newY: recovery.new_key.y,
    });
    const signature = await signatureOf(key, await separatorOf(this.api), hash);
    const body = { key_version: recovery.key_version, signature };
    return (await this.api.post<Recovery>(`/payment/recoveries/${recovery.id}/veto`, body, 'always')).body;
  }

  /** Has the new key set, once the recovery's delay has passed. */
  async finish(reference: string): Promise<Recovery> {
    const path = `/payment/recoveries/${idIn(reference)}/finish`;
    return (await this.api.post<Recovery>(path, {}, 'always')).body;
  }

  async get(id: string): Promise<Account> {
    const account = await this.api.get<Account>(`/payment/accounts/${accountId(id)}`);
    await this.adopt(account);
    return account;
  }

  /** The key that is to follow, made unless there is one that waits. */
  private async next(account: Account, recovery: string | undefined): Promise<NextKey> {
    const before = await readJson<NextKey>(this.store, nextFile(account.id));
    const next = before ?? {
      key: await this.keys.create(),
      version: account.key_version + 1,
      ...(recovery ? { recovery } : {}),
    };
    await writeJson(this.store, nextFile(account.id), next);
    return next;
  }

  /** Takes a key into use that the ledger has by now. */
  private async adopt(account: Account): Promise<void> {
    const next = await readJson<NextKey>(this.store, nextFile(account.id));
    if (!next || account.key_version < next.version) return;
    await writeJson(this.store, `accounts/${account.id}.json`, { id: account.id, key: next.key });
    await this.store.remove(nextFile(account.id));
  }

  private async proof(keyName: string, sub: string): Promise<string> {
    const key = await this.keys.get(keyName);
    const claims = {
      aud: `${this.api.origin}/payment`,
      iat: Math.floor(Date.now() / 1000),
      jti: crypto.randomUUID(),
      sub,
    };
    return signJwt(key, { typ: 'madang-account+jwt', jwk: publicKeyOf(key) }, claims);
  }

  /** A proof is good for one request; when the answer is lost, the same key is proven anew. */
  private async prove(keyName: string, sub: string): Promise<Account> {
    for (let attempt = 1; ; attempt++) {
      const proof = await this.proof(keyName, sub);
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
    for (const account of accounts) await this.adopt(account);
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
    return (await readJson<{ key: string }>(this.store, `accounts/${accountId(id)}.json`))?.key;
  }
}

function accountId(id: string): string {
  if (!/^0x[0-9a-fA-F]{64}$/.test(id)) throw refuse('bad-answer', 'Not an account id', id.slice(0, 80));
  return id;
}

function nextFile(id: string): string {
  return `next-keys/${accountId(id)}.json`;
}

/** A key's point as the ledger writes it, `0x`-hex. */
function pointOf(key: { x: string; y: string }): { x: string; y: string } {
  return { x: `0x${hex(fromBase64(key.x))}`, y: `0x${hex(fromBase64(key.y))}` };
}
