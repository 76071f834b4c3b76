import { concat, fromHex, hex, sha256, utf8 } from '../bytes.js';
import { idIn, type Api } from '../http/api.js';
import { refuse } from '../problem.js';

export interface Bill {
  id: string;
  state: 'open' | 'paying' | 'paid' | 'cancelled';
  /** Won. */
  amount: number;
  currency: string;
  /** The payee's account, `0x` and 64 hex digits. */
  payee: string;
  payee_agency: string;
  title: unknown;
  bill_hash: string;
  salt: string;
  application?: string;
  /** Whether it takes instalments. */
  partial?: boolean;
  /** Won that no accepted payment covers. */
  left?: number;
}

/** SHA-256( salt ‖ JCS of `{amount, bill, currency, payee}` ), `0x`-hex. */
export async function billHash(
  bill: Pick<Bill, 'id' | 'amount' | 'currency' | 'payee' | 'salt'>,
): Promise<string> {
  // RFC 8785 of these members: names in this order, no white space, strings and integers as JSON.stringify writes them.
  const canonical = JSON.stringify({
    amount: bill.amount,
    bill: bill.id,
    currency: bill.currency,
    payee: bill.payee,
  });
  return `0x${hex(await sha256(concat(saltBytes(bill.salt), utf8(canonical))))}`;
}

/** Refuses a bill whose published hash does not commit to what it says. */
export async function checkBill(bill: Bill): Promise<void> {
  if (bill.currency !== 'KRW' || !Number.isSafeInteger(bill.amount) || bill.amount < 1) {
    throw refuse('bad-bill', 'The bill is not an amount of won');
  }
  if ((await billHash(bill)) !== bill.bill_hash.toLowerCase()) {
    throw refuse('bad-bill', 'The bill does not match its hash', bill.id);
  }
}

export class Bills {
  constructor(private readonly api: Api) {}

  all(): Promise<Bill[]> {
    return this.api.all('/payment/bills');
  }

  /** A bill of the person's, by its id or href; or anyone's, by its payment link. */
  get(reference: string): Promise<Bill> {
    const link = linkIn(reference, this.api.origin);
    return this.api.get(link ? `/payment/links/${link}` : `/payment/bills/${idIn(reference)}`);
  }
}

/**
 * The last segment of a payment link, `<origin>/payment/links/<22 characters>` or `madang-wallet://pay?link=<that>`; undefined when
 * the reference is none. A link of another city is refused: the wallet would ask this one for it.
 */
export function linkIn(reference: string, origin: string): string | undefined {
  const opened = /^madang-wallet:\/\/pay\?link=([^&]+)$/.exec(reference);
  const address = opened ? decodeURIComponent(opened[1]!) : reference;
  const found = /^(https?:\/\/[^/?#]+|)\/payment\/links\/([A-Za-z0-9_-]{22})(?:\?[^#]*)?$/.exec(address);
  if (!found) {
    if (opened) throw refuse('bad-link', 'Not a payment link', address.slice(0, 200));
    return undefined;
  }
  if (found[1] !== '' && found[1] !== origin) {
    throw refuse('foreign-address', 'The link is of another city', found[1]);
  }
  return found[2];
}

function saltBytes(salt: string): Uint8Array {
  try {
    return fromHex(salt, 32);
  } catch (error) {
    throw refuse('bad-bill', "The bill's salt is not 32 bytes", undefined, error);
  }
}
