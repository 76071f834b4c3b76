/** Format identifiers of OpenID4VCI 1.0 appendix A and OpenID4VP 1.0 appendix B. */
export const SD_JWT_VC = 'dc+sd-jwt';
export const MDOC = 'mso_mdoc';

export type CredentialFormat = typeof SD_JWT_VC | typeof MDOC;
export const FORMATS: readonly CredentialFormat[] = [SD_JWT_VC, MDOC];
