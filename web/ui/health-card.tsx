// The card, front and back, 85.60 × 53.98 mm: every size is a share of its width, so that screen and print are
// one drawing. Always light, also in dark mode. Shows what it is given; what may stand on it is decided elsewhere.
import { useTranslation } from 'react-i18next';
import { formatUhid, initials } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Icon, Logo } from './icons.tsx';
import './health-card.css';

export interface CardDanger {
  readonly noun: string;
  readonly reason: string;
}

export interface CardFace {
  readonly name: string;
  /** The same name in another script. */
  readonly nameSecond?: string | undefined;
  /** "Female, born 1 Feb 1980". */
  readonly sexAndBirth: string;
  /** "Speaks Kannada, English, Hindi"; empty when not recorded. */
  readonly languages: string;
  /** With its source: "Blood A+ (lab, 2 May 2024)". */
  readonly bloodGroup?: { readonly text: string } | undefined;
  /** 14 digits, or already grouped. */
  readonly uhid: string;
  readonly photoUrl?: string | undefined;
  /** Picture of the code that opens the emergency page. */
  readonly qrUrl?: string | undefined;
  /** In order of how fast they kill; at most four are drawn. */
  readonly dangers: readonly CardDanger[];
  /** Dangers left out of the list above. */
  readonly moreDangers: number;
  /** The day of these facts, in words: "18 Nov 2026". */
  readonly asOf: string;
  /** What stands in place of dangers when none are listed; default that none are recorded. */
  readonly silence?: string | undefined;
}

/** Whether the letters must be smaller for the words to stay in the block. */
function isTight(dangers: readonly CardDanger[]): boolean {
  return dangers.some((danger) => danger.noun.length > 14 || danger.reason.length > 30);
}

export function HealthCard({ face }: { readonly face: CardFace }) {
  const { t } = useTranslation('common');
  const other = useLanguage() === 'hi' ? 'en' : 'hi';
  const total = face.dangers.length + face.moreDangers;
  const shown = total > 4 ? face.dangers.slice(0, 3) : face.dangers.slice(0, 4);
  const left = total - shown.length;
  return (
    <figure aria-label={t('card.ofPerson', { name: face.name })} className="health-card">
      <div className="health-card-face">
        <div className="health-card-band">
          <Logo />
          <span>{t('card.emergency')}</span>
          <span className="health-card-other" lang={other}>
            {t('card.emergencyOther')}
          </span>
        </div>
        <div className="health-card-who">
          {face.photoUrl === undefined ? (
            <span aria-hidden="true" className="health-card-photo">
              {initials(face.name)}
            </span>
          ) : (
            <img alt="" className="health-card-photo" src={face.photoUrl} />
          )}
          <div className="health-card-facts">
            <p className="health-card-name" data-long={face.name.length > 20 ? '' : undefined}>
              {face.name}
            </p>
            {face.nameSecond === undefined ? null : (
              <p className="health-card-second" lang="hi">
                {face.nameSecond}
              </p>
            )}
            {face.sexAndBirth === '' ? null : <p>{face.sexAndBirth}</p>}
            {face.languages === '' ? null : <p>{face.languages}</p>}
            {face.bloodGroup === undefined ? null : <p>{face.bloodGroup.text}</p>}
            <p className="health-card-uhid">{formatUhid(face.uhid)}</p>
          </div>
          {face.qrUrl === undefined ? null : (
            <div className="health-card-code">
              <img alt={t('card.code')} src={face.qrUrl} />
              <p>{t('card.scanForMore')}</p>
            </div>
          )}
        </div>
        <div className="health-card-danger" data-count={total > 4 ? 4 : shown.length}>
          <Icon name="octagon" />
          {shown.length === 0 ? (
            <p className="health-card-none">{face.silence ?? t('danger.none', { date: face.asOf })}</p>
          ) : (
            <ul data-tight={isTight(shown) ? '' : undefined}>
              {shown.map((danger) => (
                <li key={danger.noun}>
                  <strong>{danger.noun}</strong>
                  <span>{danger.reason}</span>
                </li>
              ))}
              {left > 0 ? (
                <li>
                  <strong className="health-card-more">{t('card.andMore', { count: left })}</strong>
                  <span>{t('card.scanToSee')}</span>
                </li>
              ) : null}
            </ul>
          )}
        </div>
      </div>
    </figure>
  );
}

export interface CardBack {
  readonly name: string;
  /** Picture of the signed copy that works without a network. */
  readonly offlineQrUrl?: string | undefined;
  /** The day it was signed, in words. */
  readonly signedOn?: string | undefined;
  readonly contacts: readonly {
    readonly name: string;
    readonly relation?: string | undefined;
    readonly phone: string;
  }[];
  readonly doctor?:
    | { readonly name: string; readonly detail?: string | undefined; readonly phone?: string | undefined }
    | undefined;
}

export function HealthCardBack({ back }: { readonly back: CardBack }) {
  const { t } = useTranslation('common');
  const other = useLanguage() === 'hi' ? 'en' : 'hi';
  return (
    <figure aria-label={t('card.backOfPerson', { name: back.name })} className="health-card">
      <div
        className="health-card-face health-card-back"
        data-plain={back.offlineQrUrl === undefined ? '' : undefined}
      >
        {back.offlineQrUrl === undefined ? null : (
          <div className="health-card-signed">
            <img alt={t('card.offlineCode')} src={back.offlineQrUrl} />
            <p>
              <strong>{t('card.worksOffline')}</strong>{' '}
              {back.signedOn === undefined ? null : t('card.signedOn', { date: back.signedOn })}{' '}
              {t('card.scanTheFront')}
            </p>
          </div>
        )}
        <div className="health-card-calls">
          {back.contacts.length === 0 ? null : (
            <section>
              <h3>
                {t('card.callFirst')} <span lang={other}>{t('card.callFirstOther')}</span>
              </h3>
              {back.contacts.map((contact) => (
                <p key={contact.phone}>
                  {contact.relation === undefined ? contact.name : `${contact.name}, ${contact.relation}`}
                  <strong>{contact.phone}</strong>
                </p>
              ))}
            </section>
          )}
          {back.doctor === undefined ? null : (
            <section>
              <h3>{t('card.doctor')}</h3>
              <p>
                {back.doctor.name}
                {back.doctor.detail === undefined ? null : <span>{back.doctor.detail}</span>}
                {back.doctor.phone === undefined ? null : <strong>{back.doctor.phone}</strong>}
              </p>
            </section>
          )}
          <section>
            <h3>{t('card.found')}</h3>
            <p>{t('card.foundText')}</p>
          </section>
        </div>
      </div>
    </figure>
  );
}
