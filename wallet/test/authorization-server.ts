import { calculateJwkThumbprint, importJWK, importX509, jwtVerify, type JWK, type JWTPayload } from 'jose';
import { createHash, randomBytes } from 'node:crypto';
import type { Answer, Asked, City } from './city.js';

export const PASSWORD = 'kimchi & 밥';
export const ONE_TIME_CODE = '042137';
const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

export interface ServerFeatures {
  /** Access tokens are bound by DPoP, with server nonces at the token and credential endpoints. */
  dpop?: boolean;
  /** Wallets must be attested; the challenge comes from an endpoint or from the first refusal. */
  attestation?: 'endpoint' | 'header';
  refresh?: boolean;
  /** `credential_identifiers` that tokens name. */
  identifiers?: Record<string, string[]>;
  tokenSeconds?: number;
  /** The password is not enough. */
  oneTimeCode?: boolean;
  /** After the sign-in the person is asked whether they agree. */
  consent?: boolean;
  /** Changes to what the browser is sent back with. */
  answer?: Record<string, string>;
  metadata?: Record<string, unknown>;
}

interface Right {
  /** What the authorization code was asked for. */
  params: URLSearchParams;
  jkt: string | undefined;
  instance: string | undefined;
}

/** An authorization server written by hand on `jose`, that checks what the standards say it must. */
export class AuthorizationServer {
  readonly codes = new Map<string, string | undefined>();
  readonly requests: URLSearchParams[] = [];
  readonly tokens = new Map<string, Right>();
  readonly refreshTokens = new Map<string, Right>();
  /** Instance keys that attestations were for. */
  readonly instances = new Set<string>();
  private readonly nonces = new Set<string>();
  private readonly challenges = new Set<string>();
  private readonly jtis = new Set<string>();
  private readonly pushed = new Map<string, Right>();
  private readonly authorizations = new Map<string, Right>();
  /** Sessions in which the password was right and the code is wanted. */
  private readonly halfway = new Set<string>();
  private readonly at: string;

  constructor(
    private readonly city: City,
    private readonly features: ServerFeatures,
  ) {
    this.at = `${city.origin}/identity`;
    city.on('GET', '/.well-known/oauth-authorization-server/identity', () => ({ json: this.metadata }));
    city.on('POST', '/identity/challenge', () => ({
      json: { attestation_challenge: this.fresh(this.challenges) },
      headers: { 'cache-control': 'no-store' },
    }));
    city.on('POST', '/identity/par', (asked) => this.guarded(asked, (right) => this.push(asked, right)));
    city.on('POST', '/identity/token', (asked) => this.guarded(asked, (right) => this.token(asked, right)));
    city.on('GET', '/identity/authorize', (asked) => this.loginPage(asked));
    city.on('POST', '/identity/login', (asked) => this.login(asked));
    city.on('POST', '/identity/consent', (asked) => this.consent(asked));
  }

  get metadata(): Record<string, unknown> {
    const { dpop, attestation } = this.features;
    return {
      issuer: this.at,
      token_endpoint: `${this.at}/token`,
      authorization_endpoint: `${this.at}/authorize`,
      pushed_authorization_request_endpoint: `${this.at}/par`,
      require_pushed_authorization_requests: true,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      token_endpoint_auth_methods_supported: [attestation ? 'attest_jwt_client_auth' : 'none'],
      authorization_details_types_supported: ['openid_credential'],
      grant_types_supported: ['authorization_code', PRE_AUTHORIZED, 'refresh_token'],
      ...(attestation ? {} : { 'pre-authorized_grant_anonymous_access_supported': true }),
      ...(attestation === 'endpoint' ? { challenge_endpoint: `${this.at}/challenge` } : {}),
      ...(dpop ? { dpop_signing_alg_values_supported: ['ES256'] } : {}),
      ...this.features.metadata,
    };
  }

  /** Checks what an endpoint beside the token endpoint is asked with; the answer is a refusal, if any. */
  async refusal(asked: Asked): Promise<Answer | undefined> {
    const [scheme, token = ''] = String(asked.headers['authorization']).split(' ');
    const right = this.tokens.get(token);
    if (!right || scheme !== (this.features.dpop ? 'DPoP' : 'Bearer'))
      return {
        status: 401,
        headers: { 'www-authenticate': 'DPoP error="invalid_token"' },
        json: { error: 'invalid_token' },
      };
    if (!this.features.dpop) return undefined;
    const found = await this.proof(asked, token);
    if (found === 'nonce') {
      const headers = {
        'www-authenticate': 'DPoP error="use_dpop_nonce"',
        'dpop-nonce': this.fresh(this.nonces),
      };
      return { status: 401, headers, json: { error: 'use_dpop_nonce' } };
    }
    if (found !== right.jkt) return { status: 401, json: { error: 'invalid_dpop_proof' } };
    return undefined;
  }

  private async guarded(asked: Asked, then: (right: Omit<Right, 'params'>) => Answer): Promise<Answer> {
    let jkt: string | undefined;
    if (this.features.dpop) {
      const found = await this.proof(asked);
      if (found === 'nonce') {
        return {
          status: 400,
          headers: { 'dpop-nonce': this.fresh(this.nonces) },
          json: { error: 'use_dpop_nonce' },
        };
      }
      jkt = found;
    }
    if (!this.features.attestation) return then({ jkt, instance: undefined });
    const instance = await this.attested(asked);
    if (instance === 'challenge') {
      const headers = { 'oauth-client-attestation-challenge': this.fresh(this.challenges) };
      return { status: 400, headers, json: { error: 'use_attestation_challenge' } };
    }
    this.instances.add(instance);
    return then({ jkt, instance });
  }

  private push(asked: Asked, right: Omit<Right, 'params'>): Answer {
    const params = new URLSearchParams(asked.body);
    this.requests.push(params);
    if (params.get('code_challenge_method') !== 'S256' || params.get('client_id') !== 'madang-wallet')
      return { status: 400, json: { error: 'invalid_request' } };
    const request_uri = `urn:ietf:params:oauth:request_uri:${randomBytes(16).toString('base64url')}`;
    this.pushed.set(request_uri, { params, ...right });
    return { status: 201, json: { request_uri, expires_in: 60 } };
  }

  private loginPage({ url }: Asked): Answer {
    const right = this.pushed.get(url.searchParams.get('request_uri') ?? '');
    if (
      !right ||
      url.searchParams.get('client_id') !== 'madang-wallet' ||
      url.searchParams.has('redirect_uri')
    )
      return { status: 400, text: 'no such request' };
    this.pushed.delete(url.searchParams.get('request_uri')!);
    const session = randomBytes(8).toString('hex');
    this.authorizations.set(session, right);
    const form = `<form action="/identity/login?session=${session}" method="post"><input name="username"/><input name="password" type="password"/></form>`;
    return { headers: { 'content-type': 'text/html' }, text: `<html>${form}</html>` };
  }

  private login({ url, body }: Asked): Answer {
    const form = new URLSearchParams(body);
    const session = url.searchParams.get('session') ?? '';
    const right = this.authorizations.get(session);
    if (!right || (form.get('password') !== PASSWORD && !this.halfway.has(session)))
      return { text: 'Invalid username or password' };
    if (this.features.oneTimeCode && form.get('otp') !== ONE_TIME_CODE) {
      this.halfway.add(session);
      const action = `/identity/login?session=${session}`;
      return { text: `<form action="${action}" method="post"><input name="otp" type="text"/></form>` };
    }
    this.authorizations.delete(session);
    if (!this.features.consent) return this.sendBack(right);
    const token = randomBytes(8).toString('hex');
    this.authorizations.set(token, right);
    const fields = `<input type="hidden" name="token" value="${token}">`;
    const buttons =
      '<button name="decision" value="allow">허용</button> <button name="decision" value="deny">거부</button>';
    return { text: `<form method="post" action="/identity/consent">${fields}${buttons}</form>` };
  }

  private consent({ body }: Asked): Answer {
    const form = new URLSearchParams(body);
    const right = this.authorizations.get(form.get('token') ?? '');
    if (!right || form.get('decision') !== 'allow') return { status: 400, text: 'denied' };
    this.authorizations.delete(form.get('token')!);
    return this.sendBack(right);
  }

  private sendBack(right: Right): Answer {
    const code = randomBytes(16).toString('base64url');
    this.authorizations.set(code, right);
    const back = { code, state: right.params.get('state')!, iss: this.at, ...this.features.answer };
    const query = new URLSearchParams(Object.entries(back).filter(([, value]) => value !== ''));
    return { status: 302, headers: { location: `${right.params.get('redirect_uri')}?${query}` } };
  }

  private token(asked: Asked, presenter: Omit<Right, 'params'>): Answer {
    const form = new URLSearchParams(asked.body);
    const refused = { status: 400, json: { error: 'invalid_grant' } };
    const kind = form.get('grant_type');
    if (kind === PRE_AUTHORIZED) {
      const code = form.get('pre-authorized_code') ?? '';
      if (!this.codes.has(code) || this.codes.get(code) !== (form.get('tx_code') ?? undefined))
        return refused;
      this.codes.delete(code);
      return this.grant({ params: new URLSearchParams(), ...presenter });
    }
    if (kind === 'refresh_token') {
      const right = this.refreshTokens.get(form.get('refresh_token') ?? '');
      if (!right || right.jkt !== presenter.jkt || right.instance !== presenter.instance) return refused;
      this.refreshTokens.delete(form.get('refresh_token')!);
      return this.grant(right);
    }
    const code = form.get('code') ?? '';
    const right = this.authorizations.get(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!right || right.params.get('code_challenge') !== challenge || right.jkt !== presenter.jkt)
      return refused;
    if (right.params.get('redirect_uri') !== form.get('redirect_uri')) return refused;
    this.authorizations.delete(code);
    return this.grant(right);
  }

  private grant(right: Right): Answer {
    const { dpop, refresh, identifiers, tokenSeconds = 300 } = this.features;
    const access_token = randomBytes(16).toString('base64url');
    this.tokens.set(access_token, right);
    const refresh_token = randomBytes(16).toString('base64url');
    if (refresh) this.refreshTokens.set(refresh_token, right);
    const authorization_details = Object.entries(identifiers ?? {}).map(([id, credential_identifiers]) => ({
      type: 'openid_credential',
      credential_configuration_id: id,
      credential_identifiers,
    }));
    return {
      headers: { 'cache-control': 'no-store', ...(dpop ? { 'dpop-nonce': this.fresh(this.nonces) } : {}) },
      json: {
        access_token,
        token_type: dpop ? 'DPoP' : 'Bearer',
        expires_in: tokenSeconds,
        ...(refresh ? { refresh_token } : {}),
        ...(identifiers ? { authorization_details } : {}),
      },
    };
  }

  /** RFC 9449 section 4.3; the thumbprint of the key, or `nonce` when the proof has not a nonce of ours. */
  private async proof({ headers, method, url }: Asked, token?: string): Promise<string> {
    let jwk: JWK | undefined;
    const { payload } = await jwtVerify(
      String(headers['dpop']),
      async (header) => {
        jwk = header.jwk as JWK;
        return importJWK(jwk, 'ES256');
      },
      { typ: 'dpop+jwt', algorithms: ['ES256'] },
    );
    const ath = token && createHash('sha256').update(token).digest('base64url');
    if (payload['htm'] !== method || payload['htu'] !== url.origin + url.pathname || payload['ath'] !== ath)
      throw new Error('the proof is of another request');
    this.once(payload);
    if (!this.nonces.has(String(payload['nonce']))) return 'nonce';
    return calculateJwkThumbprint(jwk!);
  }

  /** The thumbprint of the attested instance, or `challenge`. */
  private async attested({ headers, body }: Asked): Promise<string> {
    const { walletProvider } = this.city.pki;
    const attestation = await jwtVerify(
      String(headers['oauth-client-attestation']),
      await importX509(walletProvider.certificate.toString('pem'), 'ES256'),
      { typ: 'oauth-client-attestation+jwt', subject: new URLSearchParams(body).get('client_id')! },
    );
    if ((attestation.protectedHeader.x5c ?? [])[0] !== walletProvider.der)
      throw new Error('another provider');
    const jwk = (attestation.payload as { cnf: { jwk: JWK } }).cnf.jwk;
    const { payload } = await jwtVerify(
      String(headers['oauth-client-attestation-pop']),
      await importJWK(jwk, 'ES256'),
      { typ: 'oauth-client-attestation-pop+jwt', audience: this.at },
    );
    this.once(payload);
    if (!this.challenges.delete(String(payload['challenge']))) return 'challenge';
    return calculateJwkThumbprint(jwk);
  }

  private once({ jti = '' }: JWTPayload): void {
    if (jti === '' || this.jtis.has(jti)) throw new Error('the proof is replayed');
    this.jtis.add(jti);
  }

  private fresh(set: Set<string>): string {
    const value = randomBytes(16).toString('base64url');
    set.add(value);
    return value;
  }
}
