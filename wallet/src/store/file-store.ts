import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, readdir, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { refuse } from '../problem.js';
import type { Store } from './store.js';

/** How long a process waits for another that holds a lock. */
const LOCK_WAIT_MS = 120_000;
/** A lock older than this belongs to nobody, even when its process id lives (it may have been reused). */
const LOCK_STALE_MS = 300_000;
const LOCK_POLL_MS = 25;

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}(\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,127})?$/;

/** A folder of files readable by their owner alone (0600 in folders 0700). */
export class FileStore implements Store {
  constructor(private readonly home: string) {}

  async read(name: string): Promise<string | undefined> {
    try {
      return await readFile(this.path(name), 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async write(name: string, text: string): Promise<void> {
    const path = this.path(name);
    await this.folder(dirname(path));
    const draft = join(dirname(path), `.${randomBytes(8).toString('hex')}.tmp`);
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await syncFolder(dirname(path));
  }

  async remove(name: string): Promise<void> {
    await unlinkIfThere(this.path(name));
  }

  async list(folder: string): Promise<string[]> {
    try {
      const names = await readdir(this.path(folder));
      return names
        .filter((name) => NAME.test(name))
        .map((name) => `${folder}/${name}`)
        .sort();
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  }

  async exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
    const lock = this.path(`locks/${name}`);
    await this.folder(dirname(lock));
    const mark = `${process.pid} ${randomBytes(8).toString('hex')}`;
    const until = Date.now() + LOCK_WAIT_MS;
    while (!(await take(lock, mark))) {
      await breakIfDead(lock);
      if (Date.now() > until) throw refuse('busy', 'The wallet is in use', `another process holds ${name}`);
      await new Promise((resume) => setTimeout(resume, LOCK_POLL_MS));
    }
    try {
      return await work();
    } finally {
      await unlinkIfThere(lock);
    }
  }

  private path(name: string): string {
    if (!NAME.test(name) || name.includes('..')) throw new RangeError(`not a name in a wallet: ${name}`);
    return join(this.home, name);
  }

  private async folder(path: string): Promise<void> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(this.home, 0o700);
  }
}

async function take(lock: string, mark: string): Promise<boolean> {
  // The mark is written first and linked into place, so that a lock is never seen without its owner.
  const draft = `${lock}.${mark.split(' ')[1]}.tmp`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(mark, 'utf8');
  } finally {
    await file.close();
  }
  try {
    await link(draft, lock);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlinkIfThere(draft);
  }
}

async function breakIfDead(lock: string): Promise<void> {
  try {
    const mark = await readFile(lock, 'utf8');
    const age = Date.now() - (await stat(lock)).mtimeMs;
    if (alive(Number(mark.split(' ')[0])) && age < LOCK_STALE_MS) return;
    const aside = `${lock}.${randomBytes(8).toString('hex')}.dead`;
    await rename(lock, aside);
    // Someone may have broken the dead lock and taken a new one meanwhile: give that one back.
    if ((await readFile(aside, 'utf8')) !== mark) await link(aside, lock).catch(() => undefined);
    await unlinkIfThere(aside);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
