import { badCredential, type CheckedCopy, type Expected } from './checked.js';
import { MDOC } from './formats.js';
import { checkMdoc } from './mdoc.js';
import { checkSdJwtVc } from './sd-jwt-vc.js';

/** Checks a received credential as its holder: signature, chain, type, times, and that it is bound to a key of ours. */
export async function checkCredential(credential: unknown, expected: Expected): Promise<CheckedCopy> {
  if (typeof credential !== 'string') throw badCredential('it is not text');
  const checked =
    expected.format === MDOC
      ? await checkMdoc(credential, expected)
      : await checkSdJwtVc(credential, expected);
  if (!expected.keys.includes(checked.key)) throw badCredential('it is not bound to the key that asked');
  return checked;
}
