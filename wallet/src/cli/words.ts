import type { ProgressStep } from '../issuance/options.js';
import type { Display } from '../issuance/issuer.js';
import { WalletProblem } from '../problem.js';

/** Languages that the citizen can read the wallet in. */
export type Language = 'ko' | 'en';

export function languageOf(text: string | undefined): Language {
  return /^ko\b|^ko_/i.test(text ?? '') ? 'ko' : 'en';
}

/** What the wallet says to the person, as opposed to results, which are for programs too. */
export interface Words {
  openToSignIn: (url: string) => string;
  progress: Record<ProgressStep, string>;
  show: string;
  shownAgain: string;
  lastCopy: string;
  renewed: string;
  uncertified: string;
  unencrypted: string;
  /** Name in the person's language, if there is one, else the first. */
  name: (display: readonly Display[]) => string | undefined;
  problem: (problem: WalletProblem) => string;
}

const ENGLISH: Omit<Words, 'name'> = {
  openToSignIn: (url) => `Open this address in a browser to sign in:\n\n  ${url}\n`,
  progress: {
    offer: 'Reading the offer…',
    issuer: 'Asking the issuer what it issues…',
    'sign-in': 'Waiting for the sign-in…',
    token: 'Redeeming the offer…',
    credential: 'Receiving the credential…',
    waiting: 'The issuer has it not ready yet; waiting…',
  },
  show: 'Show this? [y/N] ',
  shownAgain: 'A copy was shown that was shown before: verifiers may recognise it.',
  lastCopy: 'The last unseen copy was shown: get new ones with `madang-wallet renew`.',
  renewed: 'New copies were received.',
  uncertified: 'No authority vouches for the verifier; it only controls its address.',
  unencrypted: 'The answer is not encrypted to the verifier.',
  problem: ({ message }) => message,
};

const KOREAN: Omit<Words, 'name'> = {
  openToSignIn: (url) => `브라우저에서 다음 주소를 열어 로그인하세요:\n\n  ${url}\n`,
  progress: {
    offer: '발급 제안을 읽는 중…',
    issuer: '발급 기관에 확인하는 중…',
    'sign-in': '로그인을 기다리는 중…',
    token: '발급 제안을 사용하는 중…',
    credential: '증명서를 받는 중…',
    waiting: '발급 기관이 아직 준비 중입니다. 기다리는 중…',
  },
  show: '제출할까요? [y/N] ',
  shownAgain: '이미 제출했던 사본을 다시 제출했습니다. 검증 기관이 알아볼 수 있습니다.',
  lastCopy: '마지막 새 사본을 제출했습니다. `madang-wallet renew`로 새로 받으세요.',
  renewed: '새 사본을 받았습니다.',
  uncertified: '검증 기관을 보증하는 기관이 없습니다. 주소만 확인되었습니다.',
  unencrypted: '응답이 검증 기관 앞으로 암호화되지 않습니다.',
  problem: ({ type, message, detail }) => {
    const title = KOREAN_PROBLEMS[type.replace('urn:madang:problem:wallet-', '')];
    return title === undefined ? message : detail ? `${title}: ${detail}` : title;
  },
};

/** Titles of the problems that a citizen meets; what a service says is left as it is. */
const KOREAN_PROBLEMS: Record<string, string> = {
  'attestation-needed': '발급 기관이 지갑 인증을 요구합니다',
  'bad-credential': '증명서를 믿을 수 없습니다',
  'bad-request-object': '응답할 수 없는 요청입니다',
  'cannot-renew': '이 증명서는 다시 발급받을 수 없습니다',
  'bad-amount': '금액이 올바르지 않습니다',
  'bad-link': '납부 링크가 아닙니다',
  'bill-cancelled': '취소된 청구서입니다',
  'bill-not-partial': '나누어 낼 수 없는 청구서입니다',
  'bill-paid': '이미 납부된 청구서입니다',
  'consent-needed': '아무것도 제출하지 않았습니다',
  'foreign-address': '허용되지 않은 주소입니다',
  'issuance-deferred': '증명서가 아직 준비되지 않았습니다',
  'issuance-failed': '증명서를 받지 못했습니다',
  'no-account': '납부할 계좌가 지갑에 없습니다',
  'no-matching-credential': '요청에 맞는 증명서가 지갑에 없습니다',
  'no-such-credential': '지갑에 없는 증명서입니다',
  'offer-not-understood': '이해할 수 없는 발급 제안입니다',
  'no-such-payment': '지갑이 서명한 결제가 아닙니다',
  'not-settled': '정산된 결제만 환불할 수 있습니다',
  'nothing-to-refund': '환불할 금액이 남아 있지 않습니다',
  'presentation-failed': '제출하지 못했습니다',
  'sign-in-failed': '로그인하지 못했습니다',
  'sign-in-needed': '로그인이 필요합니다',
  'signed-out': '로그인되어 있지 않습니다',
  'tx-code-needed': '거래 코드가 필요합니다',
  unreachable: '응답이 없습니다',
  untrusted: '신뢰할 수 없는 상대입니다',
  'wrong-issuer': '다른 인증 서버가 보낸 응답입니다',
};

export function words(language: Language): Words {
  const name = (display: readonly Display[]) =>
    (display.find(({ locale }) => locale?.toLowerCase().startsWith(language)) ?? display[0])?.name;
  return { ...(language === 'ko' ? KOREAN : ENGLISH), name };
}
