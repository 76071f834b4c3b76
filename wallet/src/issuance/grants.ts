import { readJson, writeJson, type Store } from '../store/store.js';
import type { Grant } from './grant.js';

/** The grants that the wallet knows, by name. */
export class Grants {
  constructor(private readonly store: Store) {}

  get(name: string): Promise<Grant | undefined> {
    return readJson<Grant>(this.store, `grants/${name}.json`);
  }

  save(name: string, grant: Grant): Promise<void> {
    return writeJson(this.store, `grants/${name}.json`, grant);
  }

  remove(name: string): Promise<void> {
    return this.store.remove(`grants/${name}.json`);
  }

  async all(): Promise<{ name: string; grant: Grant }[]> {
    const found: { name: string; grant: Grant }[] = [];
    for (const path of await this.store.list('grants')) {
      const name = path.replace(/^grants\/|\.json$/g, '');
      const grant = await this.get(name);
      if (grant) found.push({ name, grant });
    }
    return found;
  }
}
