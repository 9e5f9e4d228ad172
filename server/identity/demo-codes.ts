// `GET /demo/codes`, in the demo only: the codes that the phones of its staff would show, as a page, or as JSON to whoever asks for that.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { hotp, stepAt, stepSeconds } from '../../core/sign-in/totp.ts';
import { html } from '../http/html.ts';
import { listTotp } from '../storage/factors.ts';
import type { Identity } from './identity.ts';
import { openTotpSecret } from './totp-secret.ts';

export function showDemoCodes(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    async handler(request, reply) {
      const now = stepAt(identity.now());
      const codes = await Promise.all(
        (await listTotp(identity.db.pool)).map(async ({ accountId, login, sealedSecret, lastStep }) => {
          // The code of this half minute, or the next one when it was used: both are taken now.
          const step = Math.max(now, lastStep + 1);
          const secret = await openTotpSecret(identity, accountId, sealedSecret);
          const until = new Date((step + 2) * stepSeconds * 1000).toISOString();
          return step > now + 1 ? { login, code: null, until } : { login, code: hotp(secret, step), until };
        }),
      );
      if (/application\/json/.test(request.headers.accept ?? '')) return reply.send(codes);
      const page = html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width" />
            <title>Demo codes</title>
          </head>
          <body>
            <h1>What the phones of the demo's staff show</h1>
            <p>Each code is good once. Load this page anew for the next.</p>
            <table>
              <thead>
                <tr>
                  <th scope="col">Login</th>
                  <th scope="col">Code</th>
                  <th scope="col">Until</th>
                </tr>
              </thead>
              <tbody>
                ${codes.map(
                  ({ login, code, until }) =>
                    html`<tr>
                      <td>${login}</td>
                      <td><strong>${code ?? 'used twice: wait half a minute'}</strong></td>
                      <td>${until}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </body>
        </html>`;
      return reply.type('text/html; charset=utf-8').send(page.text);
    },
  };
}
