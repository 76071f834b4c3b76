import type { Store } from './store.js';

/** Keeps a wallet in memory, for a page's preview and for tests of what does not concern files. */
export class MemoryStore implements Store {
  private readonly texts = new Map<string, string>();
  private readonly turns = new Map<string, Promise<unknown>>();

  async read(name: string): Promise<string | undefined> {
    return this.texts.get(name);
  }

  async write(name: string, text: string): Promise<void> {
    this.texts.set(name, text);
  }

  async remove(name: string): Promise<void> {
    this.texts.delete(name);
  }

  async list(folder: string): Promise<string[]> {
    return [...this.texts.keys()].filter((name) => name.startsWith(`${folder}/`)).sort();
  }

  async exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(name) ?? Promise.resolve()).then(work, work);
    this.turns.set(name, turn);
    return turn;
  }
}
