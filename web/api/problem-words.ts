// What an error means in the reader's language: what happened, what was kept, what next.
import { useTranslation } from 'react-i18next';
import type { common } from '../i18n/en/common.ts';
import { ApiError } from './client.ts';

type ProblemKey = Exclude<
  Extract<keyof typeof common, `problem.${string}`>,
  'problem.passwordTooShort' | `problem.tooManyAttemptsMinutes${string}`
>;

const WORDS_BY_CODE: Readonly<Record<string, ProblemKey>> = {
  'no-connection': 'problem.noConnection',
  timeout: 'problem.timeout',
  'not-signed-in': 'problem.notSignedIn',
  login: 'problem.notSignedIn',
  forbidden: 'problem.forbidden',
  'not-found': 'problem.notFound',
  conflict: 'problem.changedMeanwhile',
  'too-long': 'problem.tooLarge',
  throttled: 'problem.tooManyAttempts',
  'login-taken': 'problem.loginTaken',
  'login-invalid': 'problem.loginInvalid',
  'name-invalid': 'problem.nameInvalid',
  'password-common': 'problem.passwordCommon',
  'password-pattern': 'problem.passwordPattern',
  'password-about-you': 'problem.passwordAboutYou',
  'password-too-long': 'problem.passwordTooLong',
  'password-not-text': 'problem.passwordNotText',
  'setup-link-invalid': 'problem.setupLinkInvalid',
  'credentials-wrong': 'problem.credentialsWrong',
  'password-wrong': 'problem.passwordWrong',
  'password-changed-meanwhile': 'problem.passwordChangedMeanwhile',
  'passkey-not-accepted': 'problem.passkeyNotAccepted',
  'passkey-not-added': 'problem.passkeyNotAdded',
  'passkeys-not-offered': 'problem.passkeysNotOffered',
  'passkey-cancelled': 'problem.passkeyCancelled',
  'passkey-known-here': 'problem.passkeyKnownHere',
  'passkey-failed-here': 'problem.passkeyFailedHere',
  'account-disabled': 'problem.accountDisabled',
  'code-wrong': 'problem.codeWrong',
  'code-malformed': 'problem.codeMalformed',
  'code-not-sent': 'problem.codeNotSent',
  'second-step-over': 'problem.secondStepOver',
  'second-factor-required': 'problem.secondFactorRequired',
  'recovery-not-found': 'problem.recoveryNotFound',
  'vouched-before': 'problem.vouchedBefore',
  'recovery-open': 'problem.recoveryOpen',
  'recovery-not-ready': 'problem.recoveryNotReady',
  'recovery-over': 'problem.recoveryOver',
  'last-factor': 'problem.lastFactor',
  busy: 'problem.busy',
  'no-room': 'problem.noRoom',
  'alias-taken': 'problem.aliasTaken',
  'alias-invalid': 'problem.aliasInvalid',
  'asked-already': 'problem.askedAlready',
  'person-unknown': 'problem.personUnknown',
  'guardian-level-too-low': 'problem.guardianLevel',
  'too-many-uploads': 'problem.tooManyUploads',
  'upload-expired': 'problem.uploadExpired',
  'order-over': 'problem.orderOver',
  'order-begun': 'problem.orderBegun',
  'order-cancelled': 'problem.orderCancelled',
  'order-result-in': 'problem.orderResultIn',
  'too-many-orders': 'problem.tooManyOrders',
  'laboratory-unknown': 'problem.laboratoryUnknown',
  'order-code-wrong': 'problem.orderCode',
  'result-over': 'problem.resultOver',
  'time-wrong': 'problem.sampleTime',
  'not-a-colleague': 'problem.notColleague',
  'laboratory-only': 'problem.laboratoryOnly',
  'upload-busy': 'problem.uploadBusy',
  'upload-whole': 'problem.uploadWhole',
  'offset-differs': 'problem.offsetDiffers',
  'checksum-differs': 'problem.checksumDiffers',
  'no-pixels': 'problem.noPixels',
  'no-such-frame': 'problem.noSuchFrame',
  'frame-too-large': 'problem.frameTooLarge',
  'image-damaged': 'problem.imageDamaged',
  'transfer-syntax-not-offered': 'problem.syntaxNotOffered',
  'sealed-asked': 'problem.sealedAsked',
  'reauthentication-required': 'problem.reauthenticationRequired',
};

const WORDS_BY_STATUS: Readonly<Record<number, ProblemKey>> = {
  401: 'problem.notSignedIn',
  403: 'problem.forbidden',
  404: 'problem.notFound',
  409: 'problem.changedMeanwhile',
  412: 'problem.changedMeanwhile',
  413: 'problem.tooLarge',
  422: 'problem.refused',
  429: 'problem.tooManyAttempts',
};

/** A function from any thrown error to one or two plain sentences. */
export function useProblemWords(): (error: unknown) => string {
  const { t } = useTranslation('common');
  return (error) => {
    if (!(error instanceof ApiError)) return t('problem.unknown');
    const { code, status, retryAfterSeconds, title } = error;
    if (code === 'password-too-short') return t('problem.passwordTooShort', { least: LEAST_PASSWORD_LENGTH });
    if (
      (code === 'too-many-attempts' || (status === 429 && WORDS_BY_CODE[code] === undefined)) &&
      retryAfterSeconds !== undefined
    ) {
      return t('problem.tooManyAttemptsMinutes', { count: Math.max(1, Math.ceil(retryAfterSeconds / 60)) });
    }
    if (code === 'too-many-attempts') return t('problem.tooManyAttempts');
    const known = WORDS_BY_CODE[code] ?? WORDS_BY_STATUS[status];
    if (known !== undefined) return t(known);
    return status >= 400 && status < 500 && title !== '' ? title : t('problem.unknown');
  };
}

/** The server's rule for new passwords, said before the form is sent. */
export const LEAST_PASSWORD_LENGTH = 8;
