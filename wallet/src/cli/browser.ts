import type { Browser } from '../issuance/tokens.js';
import { needed } from './arguments.js';
import { readStandardInput, type Context } from './context.js';
import { signInByForm } from './login-form.js';
import { listenForRedirect } from './loopback.js';

/**
 * Runs `work` with the person's browser: they are told the address to open and come back to a port of this machine, or, with
 * `--username`, the login form is filled in for them.
 */
export async function withBrowser<T>(
  { wallet, options, say, words }: Context,
  work: (browser: () => Promise<Browser>) => Promise<T>,
): Promise<T> {
  const closings: (() => void)[] = [];
  const browser = async (): Promise<Browser> => {
    const { redirectUri, arrival, close } = await listenForRedirect();
    closings.push(close);
    return {
      redirectUri,
      open: async (url) => {
        if (options.username === undefined) {
          say(words.openToSignIn(url));
          return arrival;
        }
        const password = options.passwordStdin
          ? (await readStandardInput()).replace(/\r?\n$/, '')
          : options.password;
        return signInByForm(wallet.fetch, wallet.origin, url, redirectUri, {
          username: options.username,
          password: needed(password, 'the password (--password-stdin or MADANG_PASSWORD)'),
          oneTimeCode: options.oneTimeCode,
        });
      },
    };
  };
  try {
    return await work(browser);
  } finally {
    for (const close of closings) close();
  }
}
