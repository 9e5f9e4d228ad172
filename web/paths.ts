// Every address of the web app and of the server's own pages, built in one place. Knows no router.

export const paths = {
  landing: '/',
  signIn: '/sign-in',
  signUp: '/sign-up',
  /** Behind the one-time link that the server prints: the first administrator. */
  setup: '/setup',
  howItWorks: '/how-it-works',
  helpSomeone: '/help-someone',
  home: '/home',
  /** The guided first filling-in of what matters. */
  begin: '/begin',
  record: '/record',
  card: '/card',
  whoLooked: '/who-looked',
  notices: '/notices',
  settings: '/settings',
  more: '/more',
  verify: '/verify',
} as const;

/** The sign-in page that leads on to where one wanted to go. */
export function signInThen(next: string): string {
  return `${paths.signIn}?next=${encodeURIComponent(next)}`;
}

/** Only an address inside this app may be gone to after signing in. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) && !isServerPath(next) ? next : paths.home;
}

/** Addresses that the server answers itself: the app must let the browser go there. */
export function isServerPath(path: string): boolean {
  return (
    /^\/(api|fhir|log|oauth|e|dicom-web|shl|assets|\.well-known)(\/|\?|$)/.test(path) ||
    /\.[a-z0-9]{2,5}(\?|$)/.test(path)
  );
}
