import { Oauth2ClientErrorResponseError, Oauth2ServerErrorResponseError } from '@openid4vc/oauth2';
import { Openid4vciRetrieveCredentialsError } from '@openid4vc/openid4vci';
import { problemFrom } from '../http/api.js';
import { reasonOf, refuse, WalletProblem } from '../problem.js';

/**
 * Turns what the OpenID libraries throw into a problem. A problem that the wallet's own callbacks raised on the way
 * is the cause of theirs and is kept; an OAuth error of the server keeps its code.
 */
export async function openidProblem(error: unknown, slug: string, title: string): Promise<WalletProblem> {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (at instanceof WalletProblem) return at;
  if (error instanceof Oauth2ClientErrorResponseError) {
    return problemFrom(error.response.status, JSON.stringify(error.errorResponse));
  }
  if (error instanceof Openid4vciRetrieveCredentialsError) {
    const { response } = error.response;
    return problemFrom(
      response.status,
      await response
        .clone()
        .text()
        .catch(() => ''),
    );
  }
  if (error instanceof Oauth2ServerErrorResponseError) {
    const { error: code, error_description } = error.errorResponse;
    return refuse(slug, title, `${code}: ${error_description ?? reasonOf(error)}`, error);
  }
  const { response, textResponse } = error as { response?: Response; textResponse?: string };
  if (response && !response.ok) return problemFrom(response.status, textResponse ?? '');
  return refuse(slug, title, reasonOf(error), error);
}
