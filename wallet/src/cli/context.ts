import type { Wallet } from '../wallet.js';
import type { Arguments } from './arguments.js';

/** What a command works with. */
export interface Context {
  wallet: Wallet;
  options: Arguments;
  /** Tells the person something beside the result. */
  say: (text: string) => void;
}

export type Command = (context: Context, rest: string[]) => Promise<unknown>;

export async function readStandardInput(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
