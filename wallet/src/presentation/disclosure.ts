import { claimsIn, personalIn, sdJwtFor } from '../issuance/sd-jwt-vc.js';
import type { PrivateKey } from '../keys/p256.js';
import type { Match } from './matching.js';

/** What the SD-JWT library takes as a choice of disclosures: `true`, or a choice within. */
type Frame = { [member: string]: Frame | true };

/** The presentation without key binding, and what anyone who gets it would read. */
export async function preview(found: Match): Promise<{ disclosed: Record<string, unknown> }> {
  const frame = await frameFor(found);
  return {
    disclosed: personalIn(await claimsIn(await sdJwtFor().present(found.credential.credential, frame))),
  };
}

/** SD-JWT with only the chosen disclosures, bound to this verifier and nonce (RFC 9901 section 4.3). */
export async function present(
  found: Match,
  holder: PrivateKey,
  audience: string,
  nonce: string,
): Promise<string> {
  const payload = { iat: Math.floor(Date.now() / 1000), aud: audience, nonce };
  return sdJwtFor(holder).present(found.credential.credential, await frameFor(found), { kb: { payload } });
}

async function frameFor(found: Match): Promise<Frame> {
  const claims = await claimsIn(found.credential.credential);
  const frame: Frame = {};
  for (const path of found.paths) select(frame, claims, path);
  return frame;
}

function select(frame: Frame, value: unknown, path: (string | number | null)[]): void {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return;
  const members = step === null ? Object.keys(value) : [String(step)];
  for (const member of members) {
    const child = (value as Record<string, unknown>)[member];
    if (child === undefined) continue;
    const chosen = rest.length === 0 ? whole(child) : within(frame[member]);
    if (rest.length > 0) select(chosen as Frame, child, rest);
    frame[member] = frame[member] === undefined ? chosen : merge(frame[member], chosen);
  }
}

/** A claim asked for as a whole is disclosed with all that is in it. */
function whole(value: unknown): Frame | true {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return true;
  return Object.fromEntries(Object.entries(value).map(([member, child]) => [member, whole(child)]));
}

function within(chosen: Frame | true | undefined): Frame {
  return typeof chosen === 'object' ? chosen : {};
}

function merge(one: Frame | true, other: Frame | true): Frame | true {
  if (one === true) return other;
  if (other === true) return one;
  const merged: Frame = { ...one };
  for (const [member, chosen] of Object.entries(other)) {
    const before = merged[member];
    merged[member] = before === undefined ? chosen : merge(before, chosen);
  }
  return merged;
}
