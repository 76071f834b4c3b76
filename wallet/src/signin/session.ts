import { Oauth2Client, type AuthorizationServerMetadata } from '@openid4vc/oauth2';
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { base64url, randomBytes } from '../bytes.js';
import type { RepeatingFetch } from '../http/retry.js';
import { CLIENT_ID, openidCallbacks } from '../openid/callbacks.js';
import { openidProblem } from '../openid/problems.js';
import { refuse, WalletProblem } from '../problem.js';
import { readJson, writeJson, type Store } from '../store/store.js';

/** An access token that lives no longer than this is renewed before it is used. */
const RENEW_BEFORE_SECONDS = 20;
const CLOCK_SKEW_SECONDS = 30;
const SESSION = 'session.json';

interface StoredSession {
  issuer: string;
  access_token: string;
  refresh_token?: string;
  id_token?: string;
  /** Unix seconds. */
  expires_at: number;
}

export interface Person {
  sub: string;
  username?: string;
  name?: string;
  roles: string[];
  signed_in: boolean;
}

export interface PendingSignIn {
  authorizationUrl: string;
  redirectUri: string;
  state: string;
  nonce: string;
  verifier: string;
}

/** The person's session at the realm: authorization code with PKCE (RFC 7636), renewed by its refresh token. */
export class Session {
  private readonly issuer: string;
  private readonly client: Oauth2Client;

  constructor(
    private readonly store: Store,
    origin: string,
    private readonly fetch: RepeatingFetch,
  ) {
    this.issuer = `${origin}/auth/realms/madang`;
    // Repeating a token request is never worse than giving up: what it spends is spent by the answer that was lost.
    const repeating = (url: string, init: RequestInit = {}) => fetch(url, init, 'always');
    this.client = new Oauth2Client({ callbacks: openidCallbacks({ fetch: repeating }) });
  }

  /** Begins; the person's browser is to be sent to `authorizationUrl`, which comes back to `redirectUri`. */
  async begin(redirectUri: string): Promise<PendingSignIn> {
    const state = base64url(randomBytes(16));
    const nonce = base64url(randomBytes(16));
    const request = await this.client
      .createAuthorizationRequestUrl({
        authorizationServerMetadata: await this.server(),
        clientId: CLIENT_ID,
        redirectUri,
        scope: 'openid',
        state,
        additionalRequestPayload: { nonce },
      })
      .catch(async (error: unknown) => {
        throw await openidProblem(error, 'sign-in-failed', 'Signing in could not begin');
      });
    if (request.pkce?.codeChallengeMethod !== 'S256')
      throw refuse('sign-in-failed', 'The realm does not offer PKCE S256');
    return {
      authorizationUrl: request.authorizationRequestUrl,
      redirectUri,
      state,
      nonce,
      verifier: request.pkce.codeVerifier,
    };
  }

  /** Ends with the address that the browser was sent back to. */
  async finish(pending: PendingSignIn, redirected: string): Promise<Person> {
    const server = await this.server();
    try {
      const answer = this.client.parseAuthorizationResponseRedirectUrl({ url: redirected });
      if (answer.state !== pending.state)
        throw refuse('sign-in-failed', 'The answer belongs to another sign-in');
      this.client.verifyAuthorizationResponse({
        authorizationResponse: answer,
        authorizationServerMetadata: server,
      });
      if (answer.code === undefined) {
        throw refuse('sign-in-failed', 'Signing in was refused', answer.error_description ?? answer.error);
      }
      const { accessTokenResponse } = await this.client.retrieveAuthorizationCodeAccessToken({
        authorizationServerMetadata: server,
        authorizationCode: answer.code,
        pkceCodeVerifier: pending.verifier,
        redirectUri: pending.redirectUri,
      });
      await this.checkIdToken(server, accessTokenResponse['id_token'], pending.nonce);
      await this.save(accessTokenResponse);
    } catch (error) {
      throw await openidProblem(error, 'sign-in-failed', 'Signing in failed');
    }
    return this.person();
  }

  /** A valid access token, renewed when needed. */
  async accessToken(): Promise<string> {
    const session = await this.read();
    if (isFresh(session)) return session.access_token;
    return this.store.exclusive('session', async () => {
      const current = await this.read();
      if (isFresh(current)) return current.access_token;
      if (!current.refresh_token) throw signedOut();
      try {
        const { accessTokenResponse } = await this.client.retrieveRefreshTokenAccessToken({
          authorizationServerMetadata: await this.server(),
          refreshToken: current.refresh_token,
        });
        return await this.save(accessTokenResponse, current);
      } catch (error) {
        const problem = await openidProblem(error, 'sign-in-failed', 'The session could not be renewed');
        throw problem.title === 'invalid_grant' ? signedOut(problem) : problem;
      }
    });
  }

  async person(): Promise<Person> {
    const session = await this.read();
    const claims = decodeJwt(session.id_token ?? session.access_token);
    const access = decodeJwt(session.access_token) as { realm_access?: { roles?: string[] } };
    return {
      sub: claims.sub ?? '',
      ...(typeof claims['preferred_username'] === 'string' ? { username: claims['preferred_username'] } : {}),
      ...(typeof claims['name'] === 'string' ? { name: claims['name'] } : {}),
      roles: access.realm_access?.roles ?? [],
      signed_in: true,
    };
  }

  /** Ends the session here, and at the realm when it can be reached. */
  async end(): Promise<void> {
    const session = await readJson<StoredSession>(this.store, SESSION);
    await this.store.remove(SESSION);
    if (!session?.refresh_token) return;
    const endpoint = await this.server().then(
      (server) => server['end_session_endpoint'],
      () => undefined,
    );
    if (typeof endpoint !== 'string') return;
    const body = new URLSearchParams({ client_id: CLIENT_ID, refresh_token: session.refresh_token });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await this.fetch(endpoint, { method: 'POST', headers, body: body.toString() }, 'unsent').catch(
      () => undefined,
    );
  }

  private async server(): Promise<AuthorizationServerMetadata> {
    const metadata = await this.client
      .fetchAuthorizationServerMetadata(this.issuer)
      .catch(async (error: unknown) => {
        throw await openidProblem(error, 'sign-in-unavailable', 'The realm cannot be reached');
      });
    if (!metadata) throw refuse('sign-in-unavailable', 'There is no realm at this origin', this.issuer);
    return metadata as AuthorizationServerMetadata;
  }

  /** OpenID Connect Core section 3.1.3.7. */
  private async checkIdToken(
    server: AuthorizationServerMetadata,
    token: unknown,
    nonce: string,
  ): Promise<void> {
    if (typeof token !== 'string' || !server.jwks_uri)
      throw refuse('sign-in-failed', 'The realm gave no ID token');
    const keys = (await (await this.fetch(server.jwks_uri, {}, 'always')).json()) as JSONWebKeySet;
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: this.issuer,
      audience: CLIENT_ID,
      clockTolerance: CLOCK_SKEW_SECONDS,
    });
    if (payload['nonce'] !== nonce) throw refuse('sign-in-failed', 'The ID token belongs to another sign-in');
  }

  private async save(tokens: Record<string, unknown>, before?: StoredSession): Promise<string> {
    const { access_token, refresh_token, id_token, expires_in } = tokens as Record<string, string> & {
      expires_in?: number;
    };
    const refresh = refresh_token ?? before?.refresh_token;
    const id = id_token ?? before?.id_token;
    const session: StoredSession = {
      issuer: this.issuer,
      access_token: access_token!,
      ...(refresh ? { refresh_token: refresh } : {}),
      ...(id ? { id_token: id } : {}),
      expires_at: Math.floor(Date.now() / 1000) + (expires_in ?? 60),
    };
    await writeJson(this.store, SESSION, session);
    return session.access_token;
  }

  private async read(): Promise<StoredSession> {
    const session = await readJson<StoredSession>(this.store, SESSION);
    if (!session || session.issuer !== this.issuer) throw signedOut();
    return session;
  }
}

function isFresh(session: StoredSession): boolean {
  return session.expires_at - RENEW_BEFORE_SECONDS > Date.now() / 1000;
}

function signedOut(cause?: WalletProblem): WalletProblem {
  return new WalletProblem({
    type: 'urn:madang:problem:wallet-signed-out',
    title: 'Nobody is signed in',
    status: 401,
    detail: 'run `madang-wallet login`',
    cause,
  });
}
