import { idIn, type Api } from '../http/api.js';

export interface OwnOffer {
  id: string;
  state: string;
  credential_configuration_id: string;
  credential_offer_uri: string;
  tx_code?: string;
  expires_at: string;
}

/** The offers that agencies made to the person. */
export class Offers {
  constructor(private readonly api: Api) {}

  all(): Promise<OwnOffer[]> {
    return this.api.all('/identity/credential-offers');
  }

  get(reference: string): Promise<OwnOffer> {
    return this.api.get(`/identity/credential-offers/${idIn(reference)}`);
  }

  /** Has one opened anew that was redeemed and brought nothing, because an answer was lost: its codes are new then. */
  async renew(reference: string): Promise<OwnOffer> {
    await this.api.post(`/identity/credential-offers/${idIn(reference)}/renewal`, undefined, 'always');
    return this.get(reference);
  }
}

/** The offer as a wallet is given it; an https address alone is where the offer is to be fetched. */
export function offerUriOf(offer: OwnOffer): string {
  const uri = offer.credential_offer_uri;
  if (!/^https?:/i.test(uri) || /[?&]credential_offer(_uri)?=/.test(uri)) return uri;
  return `openid-credential-offer://?credential_offer_uri=${encodeURIComponent(uri)}`;
}

/** True for what carries an offer itself, false for the id of one of the person's own. */
export function isOfferUri(text: string): boolean {
  return /[?&]credential_offer(_uri)?=/.test(text);
}
