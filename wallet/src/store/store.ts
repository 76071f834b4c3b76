/**
 * Where a wallet keeps what it must not lose. A write is atomic and on stable storage when it resolves; a name is
 * one or two segments of `[A-Za-z0-9._-]`, such as `keys/abc.json`.
 */
export interface Store {
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Names in a folder, sorted; empty when there is none. */
  list(folder: string): Promise<string[]>;
  /** Runs `work` while nobody else, in this process or another, runs under the same name. */
  exclusive<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export async function readJson<T>(store: Store, name: string): Promise<T | undefined> {
  const text = await store.read(name);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

export async function writeJson(store: Store, name: string, value: unknown): Promise<void> {
  await store.write(name, `${JSON.stringify(value, null, 2)}\n`);
}
