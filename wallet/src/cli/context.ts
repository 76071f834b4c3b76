import type { Wallet } from '../wallet.js';
import type { Arguments } from './arguments.js';
import type { Words } from './words.js';

/** What a command works with. */
export interface Context {
  wallet: Wallet;
  options: Arguments;
  /** Tells the person something beside the result that they need to know. */
  say: (text: string) => void;
  /** Tells the person how far it is; nobody is told with --json. */
  progress: (text: string) => void;
  words: Words;
}

export type Command = (context: Context, rest: string[]) => Promise<unknown>;

export async function readStandardInput(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
