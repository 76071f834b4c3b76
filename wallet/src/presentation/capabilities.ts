import { MDOC, SD_JWT_VC } from '../issuance/formats.js';

export const CLIENT_ID_PREFIXES = ['x509_hash', 'x509_san_dns', 'decentralized_identifier'];
export const ENCRYPTION_ALG = 'ECDH-ES';
/** Content encryption that the wallet can do, best first. */
export const ENCRYPTION_ENCS = ['A256GCM', 'A128GCM'];

/** Sent with a request by POST, OpenID4VP 1.0 section 5.10: what the wallet can do. */
export const WALLET_METADATA = {
  vp_formats_supported: {
    [SD_JWT_VC]: { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
    [MDOC]: { issuerauth_alg_values: [-7], deviceauth_alg_values: [-7] },
  },
  client_id_prefixes_supported: CLIENT_ID_PREFIXES,
  request_object_signing_alg_values_supported: ['ES256'],
  request_object_encryption_alg_values_supported: [ENCRYPTION_ALG],
  request_object_encryption_enc_values_supported: ENCRYPTION_ENCS,
  response_types_supported: ['vp_token'],
  response_modes_supported: ['direct_post.jwt', 'direct_post'],
  authorization_encryption_alg_values_supported: [ENCRYPTION_ALG],
  authorization_encryption_enc_values_supported: ENCRYPTION_ENCS,
};
