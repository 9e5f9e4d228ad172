// One-time codes by e-mail, to the address that an account signs in with, and invitations. Nothing of a message is stored or logged; a server that
// does not take it is as if there were no channel, and the person answers in the application.
import type { Transporter } from 'nodemailer';
import type { Log, Messenger } from '../http/deps.ts';
import { findReach } from '../storage/accounts.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { Mail } from './mail-words.ts';
import { alertMail, codeMail, invitationMail, reminderMail } from './mail-words.ts';

const patienceMs = 8_000;

export interface MailSettings {
  /** `smtp://user:secret@host:port`, or `smtps:`. Never logged. */
  smtpUrl: string;
  /** Whom it is from. */
  from: string;
  /** Where the application is. */
  publicUrl: string;
}

export function createMailMessenger(settings: MailSettings, db: Queryable, log: Log): Messenger {
  let transport: Promise<Transporter> | undefined;
  const send = async (to: string, { subject, text }: Mail): Promise<'sent' | 'none'> => {
    try {
      // The library is large and seldom needed: it is loaded with the first message.
      transport ??= import('nodemailer').then(({ createTransport }) =>
        createTransport(
          {
            url: settings.smtpUrl,
            connectionTimeout: patienceMs,
            greetingTimeout: patienceMs,
            socketTimeout: patienceMs,
            disableFileAccess: true,
            disableUrlAccess: true,
          },
          { from: settings.from },
        ),
      );
      await (await transport).sendMail({ to, subject, text });
      return 'sent';
    } catch (error) {
      // Its message may repeat the address: only the kind of failure is written down.
      log.warn(
        { code: (error as { code?: unknown }).code ?? 'unknown' },
        'a message could not be sent by mail',
      );
      return 'none';
    }
  };
  return {
    async sendCode({ patientId }, code, _untilMs, purpose) {
      const reach = await findReach(db, patientId);
      if (reach === undefined || !reach.login.includes('@')) return 'none';
      return send(reach.login, codeMail(reach.language, purpose, code, settings.publicUrl));
    },
    async sendAlert({ address, language }, kind, link) {
      return address.includes('@') ? send(address, alertMail(language, kind, link)) : 'none';
    },
    async sendReminder({ address, language }, link) {
      return address.includes('@') ? send(address, reminderMail(language, link)) : 'none';
    },
    async sendInvitation({ login, language }, link) {
      return login.includes('@') ? send(login, invitationMail(language, link)) : 'none';
    },
  };
}
