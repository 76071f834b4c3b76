import { hex, randomBytes } from '../bytes.js';
import { readJson, writeJson, type Store } from '../store/store.js';

/** Bits in one word of the ledger's nonce bitmap. */
const BITS = 256;
const FILE = 'nonces.json';

/** The words that this wallet drew at random, as 62 hex digits, with how many of their bits are spoken for. */
interface Drawn {
  words: { word: string; used: number }[];
}

/**
 * Hands out bitmap nonces: word `nonce >> 8`, bit `nonce & 0xff`. A word is 248 random bits, so that two devices of one
 * person never meet; bits are taken in order. A nonce is on disk as used before it is handed out.
 */
export class Nonces {
  constructor(private readonly store: Store) {}

  async next(): Promise<bigint> {
    return this.store.exclusive('nonces', async () => {
      const drawn = (await readJson<Drawn>(this.store, FILE)) ?? { words: [] };
      let current = drawn.words.at(-1);
      if (!current || current.used >= BITS) {
        current = { word: hex(randomBytes(31)), used: 0 };
        drawn.words.push(current);
      }
      const bit = current.used++;
      await writeJson(this.store, FILE, drawn);
      return (BigInt(`0x${current.word}`) << 8n) | BigInt(bit);
    });
  }
}
