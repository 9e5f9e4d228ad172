// Addresses that test/server/access-routes.test.ts does not ask as everybody, each with where it is asked as others instead.

/** Routes whose request is not sent by one of the people of the tables, each with where it is asked as others. */
export const askedElsewhere: Readonly<Record<string, string>> = {
  'POST /api/merges': 'who proposes, seconds, agrees, refuses and parts: merges',
  'POST /api/merges/:id/second': 'who proposes, seconds, agrees, refuses and parts: merges',
  'POST /api/merges/:id/agree': 'who proposes, seconds, agrees, refuses and parts: merges',
  'POST /api/merges/:id/refuse': 'who proposes, seconds, agrees, refuses and parts: merges',
  'POST /api/merges/:id/undo': 'who proposes, seconds, agrees, refuses and parts: merges',
  'POST /api/sign-up': 'open to anybody: in the list of public routes',
  'POST /api/sign-up/claim': 'open to anybody: in the list of public routes',
  'POST /api/setup': 'open to whoever has the link of the first start: identity-setup',
  'POST /api/sessions': 'open to anybody: in the list of public routes',
  'POST /api/sessions/second': 'open to anybody: in the list of public routes',
  'POST /api/sessions/second/mail': 'open to anybody: in the list of public routes',
  'POST /api/recoveries': 'open to anybody: in the list of public routes',
  'POST /api/recoveries/state': 'open to whoever has its token: identity-recovery',
  'POST /api/recoveries/finish': 'open to whoever has its token: identity-recovery',
  'POST /api/recoveries/stop': 'open to whoever has its token: identity-recovery',
  'POST /api/recoveries/vouch': 'who may vouch, and by which number: identity-recovery',
  'POST /api/recoveries/desk': 'who may begin at a desk: identity-recovery',
  'POST /api/sessions/passkey/options': 'open to anybody: in the list of public routes',
  'POST /api/sessions/passkey': 'open to anybody: in the list of public routes',
  'GET /api/laboratory/orders': 'a laboratory at orders addressed to it, and nobody else: results',
  'GET /api/laboratory/orders/:id': 'a laboratory at orders addressed to it, and nobody else: results',
  'POST /api/laboratory/orders/:id/accept':
    'a laboratory at orders addressed to it, and nobody else: results',
  'POST /api/laboratory/orders/:id/decline':
    'a laboratory at orders addressed to it, and nobody else: results',
  'POST /api/laboratory/orders/:id/sample':
    'a laboratory at orders addressed to it, and nobody else: results',
  'PUT /api/laboratory/orders/:id/results':
    'a laboratory at orders addressed to it, and nobody else: results',
  'POST /api/laboratory/orders/:id/sign': 'a laboratory at orders addressed to it, and nobody else: results',
  'GET /api/results/tasks': 'whose turn a result is, by the clock: results',
  'GET /api/results/tasks/:id': 'whose turn a result is, by the clock: results',
  'POST /api/results/tasks/:id/acknowledge': 'whose turn a result is, by the clock: results',
  'POST /api/results/tasks/:id/hand-over': 'whose turn a result is, by the clock: results',
  'GET /api/results/waiting': 'the person, guardians, and clinicians who were let in: results-kept',
  'GET /api/results/held': 'the person, guardians, and clinicians who were let in: results-kept',
  'GET /api/results/release': 'the person, guardians, and clinicians who were let in: results-kept',
  'PUT /api/results/release': 'the person, guardians, and clinicians who were let in: results-kept',
  'POST /api/card-grants/:id/witness': 'any colleague of the clinician, once, and nobody else: card-grants',
  'DELETE /api/recoveries': 'one’s own, by the acts before it: identity-recovery',
  'GET /api/app-requests/:id': 'belongs to the session that the app opened it in: apps-flow',
  'POST /api/app-requests/:id/allow': 'belongs to the session that the app opened it in: apps-flow',
  'POST /api/app-requests/:id/refuse': 'belongs to the session that the app opened it in: apps-flow',
};
