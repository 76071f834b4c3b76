import { verifyAuthorizationResponse, type AccessTokenResponse } from '@openid4vc/oauth2';
import { base64url, randomBytes } from '../bytes.js';
import { openidProblem } from '../openid/problems.js';
import { refuse } from '../problem.js';
import type { Exchange } from './exchange.js';
import { AUTHORIZATION_CODE, configurationOf, PRE_AUTHORIZED } from './issuer.js';

/** Life of an access token of which the issuer does not say how long it lives. */
const TOKEN_SECONDS = 300;

/** The person's browser, for an authorization that wants a sign-in. */
export interface Browser {
  redirectUri: string;
  /** Sends the person to `url`; resolves with the whole address that the server sent them back to. */
  open(url: string): Promise<string>;
}

/** Section 6.1: redeems the pre-authorized code of the grant's offer. */
export async function redeemPreAuthorizedCode(exchange: Exchange, txCode: string | undefined): Promise<void> {
  const offered = exchange.grant.offer?.grants?.[PRE_AUTHORIZED];
  if (!offered) throw refuse('offer-not-understood', 'The offer has no pre-authorized code');
  const { tx_code: wanted } = offered;
  if (wanted && txCode === undefined) {
    throw refuse(
      'tx-code-needed',
      'The offer asks for a transaction code',
      wanted.description ?? 'give it with --tx-code',
    );
  }
  const { accessTokenResponse } = await exchange.client.retrying(() =>
    exchange.oauth.retrievePreAuthorizedCodeAccessToken({
      authorizationServerMetadata: exchange.server,
      preAuthorizedCode: offered['pre-authorized_code'],
      resource: exchange.grant.issuer,
      ...(wanted ? { txCode: txCode! } : {}),
      ...exchange.dpop(),
    }),
  );
  keep(exchange, accessTokenResponse);
}

/**
 * Section 5: signs the person in and redeems the code. The request is pushed where the server takes that (RFC 9126), with
 * PKCE S256; the answer must carry the `state` of this request and come from this server (RFC 9207).
 *
 * @param details ask with `authorization_details` even where scopes would do
 */
export async function signIn(exchange: Exchange, browser: Browser, details: boolean): Promise<void> {
  const { server, grant, client } = exchange;
  if (!server.code_challenge_methods_supported?.includes('S256'))
    throw refuse('sign-in-failed', 'The authorization server does not offer PKCE S256', server.issuer);
  const state = base64url(randomBytes(16));
  const issuerState = grant.offer?.grants?.[AUTHORIZATION_CODE]?.issuer_state;
  const wanted = whatIsWanted(exchange, details);
  const request = await client.retrying(() =>
    exchange.oauth.createAuthorizationRequestUrl({
      authorizationServerMetadata: server,
      clientId: client.clientId,
      redirectUri: browser.redirectUri,
      resource: grant.issuer,
      state,
      ...('scope' in wanted ? { scope: wanted.scope } : {}),
      additionalRequestPayload: {
        ...('details' in wanted ? { authorization_details: JSON.stringify(wanted.details) } : {}),
        ...(issuerState === undefined ? {} : { issuer_state: issuerState }),
      },
      ...exchange.dpop(),
    }),
  );
  const answer = exchange.oauth.parseAuthorizationResponseRedirectUrl({
    url: await browser.open(request.authorizationRequestUrl),
  });
  if (answer.state !== state) throw refuse('sign-in-failed', 'The answer belongs to another sign-in');
  try {
    verifyAuthorizationResponse({ authorizationResponse: answer, authorizationServerMetadata: server });
  } catch (error) {
    throw refuse(
      'wrong-issuer',
      'The answer comes from another authorization server',
      String(answer.iss),
      error,
    );
  }
  if (answer.code === undefined)
    throw refuse('sign-in-failed', 'Signing in was refused', answer.error_description ?? answer.error);
  const code = answer.code;
  const { accessTokenResponse } = await client.retrying(() =>
    exchange.oauth.retrieveAuthorizationCodeAccessToken({
      authorizationServerMetadata: server,
      authorizationCode: code,
      ...(request.pkce ? { pkceCodeVerifier: request.pkce.codeVerifier } : {}),
      redirectUri: browser.redirectUri,
      resource: grant.issuer,
      ...exchange.dpop(),
    }),
  );
  keep(exchange, accessTokenResponse);
}

/** A new access token for the grant's refresh token; the keys that bound the old one bind the new one. */
export async function refresh(exchange: Exchange): Promise<void> {
  const { refresh_token: refreshToken } = exchange.grant;
  if (!refreshToken) throw refuse('cannot-renew', 'The issuer allows no renewal of this credential');
  try {
    const { accessTokenResponse } = await exchange.client.retrying(() =>
      exchange.oauth.retrieveRefreshTokenAccessToken({
        authorizationServerMetadata: exchange.server,
        refreshToken,
        ...exchange.dpop(),
      }),
    );
    keep(exchange, accessTokenResponse);
  } catch (error) {
    const problem = await openidProblem(error, 'issuance-failed', 'The access token could not be renewed');
    if (problem.title !== 'invalid_grant') throw problem;
    throw refuse(
      'cannot-renew',
      'The issuer allows no more renewal of this credential',
      problem.detail,
      problem,
    );
  }
}

/** Sections 5.1.1 and 5.1.2: scopes if each credential has one, else authorization details. */
function whatIsWanted(
  { grant, issuer }: Exchange,
  details: boolean,
): { scope: string } | { details: object[] } {
  const configurations = grant.configurations.map((id) => configurationOf(issuer, id));
  const scopes = configurations.map(({ scope }) => scope);
  if (!details && scopes.every((scope) => scope !== undefined))
    return { scope: [...new Set(scopes)].join(' ') };
  const locations = issuer.credentialIssuer.authorization_servers ? { locations: [grant.issuer] } : {};
  return {
    details: configurations.map(({ id }) => ({
      type: 'openid_credential',
      credential_configuration_id: id,
      ...locations,
    })),
  };
}

function keep({ grant }: Exchange, answer: AccessTokenResponse): void {
  if (grant.dpop_key && answer.token_type.toLowerCase() !== 'dpop')
    throw refuse(
      'issuance-failed',
      'The access token is not bound to the wallet',
      `token_type ${answer.token_type}`,
    );
  grant.access_token = answer.access_token;
  grant.token_type = answer.token_type;
  grant.token_expires_at = Date.now() + (answer.expires_in ?? TOKEN_SECONDS) * 1000;
  if (answer.refresh_token !== undefined) grant.refresh_token = answer.refresh_token;
  const details = answer['authorization_details'];
  if (!Array.isArray(details)) return;
  grant.identifiers = {};
  for (const { type, credential_configuration_id, credential_identifiers } of details as Record<
    string,
    unknown
  >[]) {
    if (type !== 'openid_credential' || !Array.isArray(credential_identifiers)) continue;
    const id = String(credential_configuration_id);
    grant.identifiers[id] = [...(grant.identifiers[id] ?? []), ...credential_identifiers.map(String)];
  }
}
