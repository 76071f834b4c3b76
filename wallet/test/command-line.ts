import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The compiled command line. */
export const CLI = fileURLToPath(new URL('../src/cli.js', import.meta.url));

export interface Ran {
  status: number | null;
  out: string;
  err: string;
  /** What stood on standard output, when it is JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  json: any;
}

/** Runs the wallet's command line in a process of its own. */
export function runCommand(
  args: string[],
  input = '',
  environment: Record<string, string> = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...environment },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (part: Buffer) => (out += part.toString()));
    child.stderr.on('data', (part: Buffer) => (err += part.toString()));
    child.on('error', reject);
    child.on('close', (status) =>
      resolve({ status, out, err, json: /^\{.*\}\n$/.test(out) ? JSON.parse(out) : undefined }),
    );
    child.stdin.end(input);
  });
}
