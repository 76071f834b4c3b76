import { MDOC } from '../issuance/formats.js';
import { claimsIn, personalIn, sdJwtFor } from '../issuance/sd-jwt-vc.js';
import type { Copy } from '../issuance/credentials.js';
import type { PrivateKey } from '../keys/p256.js';
import { deviceResponse, type Handover } from '../mdoc/device-response.js';
import type { Match } from './matching.js';

/** What the SD-JWT library takes as a choice of disclosures: `true`, or a choice within. */
type Frame = { [member: string]: Frame | true };

/** What anyone who gets the presentation would read, and nothing is sent. */
export async function preview(found: Match): Promise<{ disclosed: Record<string, unknown> }> {
  const { credential, paths } = found;
  if (credential.format === MDOC) return { disclosed: elementsAt(credential.claims, paths) };
  const [copy] = credential.copies;
  const frame = await frameFor(copy!.credential, paths);
  return { disclosed: personalIn(await claimsIn(await sdJwtFor().present(copy!.credential, frame))) };
}

/**
 * One copy with only the chosen claims, bound to this verifier and request: an SD-JWT with key binding (RFC 9901 section
 * 4.3), or a device response.
 *
 * @param bound further members of the key binding JWT
 */
export async function present(
  { credential, paths }: Match,
  copy: Copy,
  holder: PrivateKey,
  handover: Handover,
  bound: Record<string, unknown>,
): Promise<string> {
  if (credential.format === MDOC) {
    const wanted = paths.map(([namespace, element]) => [String(namespace), String(element)] as const);
    return deviceResponse(copy.credential, wanted, holder, handover);
  }
  const { clientId: aud, nonce } = handover;
  const payload = { iat: Math.floor(Date.now() / 1000), aud, nonce, ...bound };
  const frame = await frameFor(copy.credential, paths);
  return sdJwtFor(holder).present(copy.credential, frame, { kb: { payload } });
}

function elementsAt(claims: Record<string, unknown>, paths: Match['paths']): Record<string, unknown> {
  const disclosed: Record<string, Record<string, unknown>> = {};
  for (const [namespace, element] of paths) {
    const value = (claims[String(namespace)] as Record<string, unknown> | undefined)?.[String(element)];
    (disclosed[String(namespace)] ??= {})[String(element)] = value;
  }
  return disclosed;
}

async function frameFor(credential: string, paths: Match['paths']): Promise<Frame> {
  const claims = await claimsIn(credential);
  const frame: Frame = {};
  for (const path of paths) select(frame, claims, path);
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
