import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Nonces } from '../src/payment/nonces.js';
import { FileStore } from '../src/store/file-store.js';

describe('store', () => {
  let home: string;
  before(async () => void (home = await mkdtemp(join(tmpdir(), 'madang-store-'))));
  after(() => rm(home, { recursive: true, force: true }));

  test('a_nonce_never_repeats_also_after_reload_and_when_many_ask_at_once', async () => {
    const given: bigint[] = [];
    for (let reload = 0; reload < 6; reload++) {
      const stores = [new Nonces(new FileStore(home)), new Nonces(new FileStore(home))];
      given.push(...(await Promise.all(Array.from({ length: 50 }, (_, at) => stores[at % 2]!.next()))));
    }
    assert.equal(given.length, 300);
    assert.equal(new Set(given).size, 300);
    const words = new Set(given.map((nonce) => nonce >> 8n));
    assert.equal(words.size, 2, 'a word is used up before the next is drawn');
    assert.ok([...words].every((word) => word < 2n ** 248n));
    const another = new Nonces(new FileStore(await mkdtemp(join(home, 'other-'))));
    assert.ok(!words.has((await another.next()) >> 8n), 'another device draws other words');
  });

  test('processes_that_ask_at_once_get_different_nonces', async () => {
    const module = new URL('../src/payment/nonces.js', import.meta.url).href;
    const storeModule = new URL('../src/store/file-store.js', import.meta.url).href;
    const script = `import { Nonces } from ${JSON.stringify(module)}; import { FileStore } from ${JSON.stringify(storeModule)};
      const nonces = new Nonces(new FileStore(${JSON.stringify(home)}));
      for (let i = 0; i < 20; i++) console.log(String(await nonces.next()));`;
    const run = () =>
      new Promise<string[]>((resolve, reject) => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
        let out = '';
        child.stdout.on('data', (part: Buffer) => (out += part.toString()));
        child.on('error', reject);
        child.on('exit', (code) =>
          code === 0 ? resolve(out.trim().split('\n')) : reject(new Error(`exit ${code}`)),
        );
      });
    const given = (await Promise.all([run(), run(), run()])).flat();
    assert.equal(given.length, 60);
    assert.equal(new Set(given).size, 60);
  });

  test('what_is_written_is_private_and_replaced_as_a_whole', async () => {
    const store = new FileStore(join(home, 'private'));
    await store.write('keys/one.json', 'first');
    await store.write('keys/one.json', 'second');
    assert.equal(await store.read('keys/one.json'), 'second');
    assert.equal((await stat(join(home, 'private', 'keys', 'one.json'))).mode & 0o777, 0o600);
    assert.equal((await stat(join(home, 'private', 'keys'))).mode & 0o777, 0o700);
    assert.deepEqual(await readdir(join(home, 'private', 'keys')), ['one.json'], 'no draft is left');
    assert.deepEqual(await store.list('keys'), ['keys/one.json']);
    assert.equal(await store.read('keys/none.json'), undefined);
  });

  test('a_name_cannot_leave_the_home', async () => {
    const store = new FileStore(home);
    for (const name of ['../x', 'a/../../x', '/etc/passwd', 'a/b/c', '', '.hidden', 'keys/..']) {
      await assert.rejects(store.write(name, ''), RangeError, name);
    }
  });

  test('the_lock_of_a_dead_process_is_broken', async () => {
    const store = new FileStore(join(home, 'locks-test'));
    await store.exclusive('pay', async () => undefined);
    const lock = join(home, 'locks-test', 'locks', 'pay');
    await writeFile(lock, '999999999 0000');
    assert.equal(await store.exclusive('pay', async () => 'done'), 'done');
    await writeFile(lock, `${process.pid} 0000`);
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(lock, longAgo, longAgo);
    assert.equal(await store.exclusive('pay', async () => 'done'), 'done');
  });
});
