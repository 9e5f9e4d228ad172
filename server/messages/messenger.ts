// What reaches a person outside the application: mail (mail-messenger.ts), or the demo's outbox, in memory and on the terminal. Without
// either, codes are not sent and people answer in the application. Nothing of a message is stored or logged.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Messenger } from '../http/deps.ts';
import { html } from '../http/html.ts';

export interface DemoMessage {
  patientId: string;
  code: string;
  untilMs: number;
  sentAtMs: number;
}

export interface DemoInvitation {
  to: string;
  link: string;
  sentAtMs: number;
}

const mostKept = 200;

/** For an installation without a channel: nobody is reached. */
export const noMessenger: Messenger = { sendCode: async () => 'none' };

export interface DemoOutbox extends Messenger {
  /** The newest first. */
  readonly messages: readonly DemoMessage[];
  readonly invitations: readonly DemoInvitation[];
}

/** Everything that would leave the machine stays here, for whoever looks around in the demo. */
export function createDemoOutbox(now: () => number, say: (line: string) => void): DemoOutbox {
  const messages: DemoMessage[] = [];
  const invitations: DemoInvitation[] = [];
  return {
    messages,
    invitations,
    async sendAlert({ address }, kind, link) {
      say(`An alert of the demo to ${address}: ${kind}, ${link}`);
      return 'sent';
    },
    async sendReminder({ address }, link) {
      say(`A reminder of the demo to ${address}: ${link}`);
      return 'sent';
    },
    async sendInvitation({ login }, link) {
      invitations.unshift({ to: login, link, sentAtMs: now() });
      invitations.splice(mostKept);
      say(`An invitation of the demo to ${login}: ${link}`);
      return 'sent';
    },
    async sendCode({ patientId }, code, untilMs) {
      messages.unshift({ patientId, code, untilMs, sentAtMs: now() });
      messages.splice(mostKept);
      say(`A one-time code of the demo: ${code}, until ${new Date(untilMs).toISOString()}`);
      return 'sent';
    },
  };
}

/** `GET /demo/outbox`, in the demo only: as a page, or as JSON to whoever asks for that. */
export const showDemoOutbox =
  (messenger: Messenger) => async (request: FastifyRequest, reply: FastifyReply) => {
    const { messages, invitations = [] } = messenger as Partial<DemoOutbox>;
    if (messages === undefined) return reply.callNotFound();
    if (/application\/json/.test(request.headers.accept ?? '')) return reply.send(messages);
    const instant = (ms: number) => new Date(ms).toISOString();
    const page = html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <title>Demo outbox</title>
        </head>
        <body>
          <h1>What the demo would have sent</h1>
          <table>
            <thead>
              <tr>
                <th scope="col">Sent</th>
                <th scope="col">Code</th>
                <th scope="col">Until</th>
              </tr>
            </thead>
            <tbody>
              ${messages.map(
                ({ code, untilMs, sentAtMs }) =>
                  html`<tr>
                    <td>${instant(sentAtMs)}</td>
                    <td><strong>${code}</strong></td>
                    <td>${instant(untilMs)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
          <h2>Invitations</h2>
          <ul>
            ${invitations.map(
              ({ to, link, sentAtMs }) =>
                html`<li>${instant(sentAtMs)} ${to}: <a href="${link}">${link}</a></li>`,
            )}
          </ul>
        </body>
      </html>`;
    return reply.type('text/html; charset=utf-8').send(page.text);
  };
