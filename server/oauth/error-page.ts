// What a person sees when an app sent them here in a way that cannot be answered: a page of our own that leads nowhere else.
import { html } from '../http/html.ts';

/** Says nothing that the request brought. */
export function errorPage(code: string): string {
  const known = /^[a-z_]{1,40}$/.test(code) ? code : 'invalid_request';
  const page = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>This app cannot be opened like this</title>
      <body>
        <main>
          <h1>This app cannot be opened like this</h1>
          <p>
            The app that sent you here asked in a way that Medallion does not accept. Nothing of yours was
            shown to it. Go back to the app and begin again; if it happens again, tell those who make the app.
          </p>
          <p>For them: <code>${known}</code></p>
          <p><a href="/">Go to Medallion</a></p>
        </main>
      </body>
    </html>`;
  return page.text;
}
