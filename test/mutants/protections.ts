// Protections that can be switched off one at a time, each with the test that must notice. `find` stands in its file exactly once:
// test/mutants.test.ts holds that, so that a change of the code cannot leave a line here that switches nothing off.

export interface Protection {
  /** What is no longer so. */
  readonly without: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The test file that must fail, and words of the name of a test in it that must be among those that do. */
  readonly test: string;
  readonly named: RegExp;
}

export const protections: readonly Protection[] = [
  {
    without: 'a guardian does not see sealed entries',
    file: 'core/access/decide.ts',
    find: "return subject.sealed === false ? allow('guardian') : deny('not-covered');",
    replace: "return allow('guardian');",
    test: 'test/core/access/decide.test.ts',
    named: /./,
  },
  {
    without: 'who was let in is told by the owner alone',
    file: 'core/access/decide.ts',
    find: 'if (!looking || ownersOnly.has(resourceType)) return',
    replace: 'if (!looking) return',
    test: 'test/core/access/decide.test.ts',
    named: /./,
  },
  {
    without: 'a pen deletes nothing',
    file: 'core/access/decide.ts',
    find: "if (act === 'delete') return deny('not-covered');",
    replace: '',
    test: 'test/core/access/decide.test.ts',
    named: /./,
  },
  {
    without: 'an answer narrows what was asked, and never widens it',
    file: 'core/access/terms.ts',
    find: 'const sealed = asked.sealed && answered.sealed;',
    replace: 'const sealed = asked.sealed || answered.sealed;',
    test: 'test/core/access/terms.test.ts',
    named: /./,
  },
  {
    without: 'a grant ends by the clock',
    file: 'server/storage/authorities.ts',
    find: 'and (a.ends_at is null or a.ends_at > to_timestamp($2::float8 / 1000))\n  and (a.basis',
    replace: 'and (a.basis',
    test: 'test/server/card-grants.test.ts',
    named: /half an hour/,
  },
  {
    without: 'a clinician’s grant holds while they are at work',
    file: 'server/storage/authorities.ts',
    find: "select 1 from organization_member m where m.account_id = $1 and ${atWork('m')}",
    replace: 'select 1 from organization_member m where m.account_id = $1',
    test: 'test/server/organizations.test.ts',
    named: /suspended reads nothing/,
  },
  {
    without: 'a code has five tries for its life',
    file: 'server/storage/access-requests.ts',
    // The last one also shuts the request; so the try itself is what must not be lost.
    find: 'update access_request set code_tries_left = code_tries_left - 1',
    replace: 'update access_request set code_tries_left = code_tries_left',
    test: 'test/server/consent-codes.test.ts',
    named: /OTP/,
  },
  {
    without: 'a code lives five minutes',
    file: 'server/storage/access-requests.ts',
    find: 'and code_until > to_timestamp($3::float8 / 1000) and expires_at',
    replace: 'and expires_at',
    test: 'test/server/consent-codes.test.ts',
    named: /OTP/,
  },
  {
    without: 'a request is confirmed by whoever asked',
    file: 'server/consent/request-parts.ts',
    find: 'if (found.requesterId !== accountId) throw notThere();',
    replace: '',
    test: 'test/server/consent-codes.test.ts',
    named: /OTP/,
  },
  {
    without: 'a card and a code need a witness of the same organisation',
    file: 'server/consent/card-grants.ts',
    find: 'if (!found || !own || found.clinicianId',
    replace: 'if (!found || found.clinicianId',
    test: 'test/server/card-grants.test.ts',
    named: /witnessed by somebody else/,
  },
  {
    without: 'a card that was replaced opens nothing',
    file: 'server/card/open-by-code.ts',
    find: "if (card.kind !== 'card' || card.state !== 'active') return { kind: 'closed' };",
    replace: "if (card.kind !== 'card') return { kind: 'closed' };",
    test: 'test/server/card-grants.test.ts',
    named: /replaced/,
  },
  {
    without: 'a guardian’s yes leaves out what is sealed',
    file: 'server/consent/let-in.ts',
    find: "return role === 'guardian' ? { ...plain, sealed: false } : coverage;",
    replace: 'return plain.sealed ? plain : coverage;',
    test: 'test/server/guardians-sealed.test.ts',
    named: /approving/,
  },
  {
    without: 'an emergency needs a reason',
    file: 'server/consent/break-glass.ts',
    find: 'if (Array.from(reason).length < 10 ||',
    replace: 'if (',
    test: 'test/server/break-glass.test.ts',
    named: /./,
  },
  {
    without: 'staff prove themselves a second time',
    file: 'server/http/require-sign-in.ts',
    find: "if ('lacksFactor' in actor && actor.lacksFactor && !withoutFactor.has(route))",
    replace: "if ('lacksFactor' in actor && actor.lacksFactor && route === '')",
    test: 'test/server/identity-second-factor.test.ts',
    named: /./,
  },
  {
    without: 'a session without activity ends',
    file: 'server/identity/authenticate.ts',
    find: '      nowMs < session.expiresAt.getTime() &&\n      nowMs < idleSinceMs + idleMsOf(session);',
    replace: '      nowMs < session.expiresAt.getTime();',
    test: 'test/server/identity-sessions.test.ts',
    named: /SES-05/,
  },
  {
    without: 'a closed account is signed in nowhere',
    file: 'server/identity/authenticate.ts',
    find: '      !session.disabled &&\n',
    replace: '',
    test: 'test/server/checks-record.test.ts',
    named: /SES-04/,
  },
  {
    without: 'another site changes nothing',
    file: 'server/http/same-origin.ts',
    find: '? isOwnOrigin(origin, publicOrigin)',
    replace: '? true',
    test: 'test/server/identity-sessions.test.ts',
    named: /WEB-05/,
  },
  {
    without: 'an earlier version that is sealed is decided on by what it says',
    file: 'server/fhir/read.ts',
    find: "if (!found || !(found.deleted || decideOn(context, 'read', found).allowed)) throw notFound();",
    replace: 'if (!found) throw notFound();',
    test: 'test/server/consent-coverage.test.ts',
    named: /./,
  },
  {
    without: 'the search of somebody let in is narrowed inside its statement',
    file: 'core/access/decide.ts',
    find: "return hidden ? undefined : { rule: 'guardian', sealed: false };",
    replace: "return hidden ? undefined : { rule: 'guardian', sealed: true };",
    test: 'test/server/guardians.test.ts',
    named: /./,
  },
  {
    without: 'whoever uploads by a number gets no right to read',
    file: 'core/access/decide.ts',
    find: "const byDuty = act === 'deposit' && !decision.allowed && asker.bringsFiles === true;",
    replace: 'const byDuty = !decision.allowed;',
    test: 'test/core/access/decide.test.ts',
    named: /./,
  },
  {
    without: 'an open socket is cut off when its sign-in ends',
    file: 'server/live/hub.ts',
    find: 'for (const one of some) if (!kept.has(one)) cut(',
    replace: 'for (const one of some) if (!kept.has(one) && kept.size > 1e9) cut(',
    test: 'test/server/live-socket.test.ts',
    named: /SES-0/,
  },
  {
    without: 'a Provenance shows no more than the version it is of',
    file: 'server/fhir/provenance.ts',
    find: 'resourceId: id, content: one.content })\n        .allowed,',
    replace: "resourceId: id, content: one.content }).rule !== '',",
    test: 'test/server/fhir-provenance.test.ts',
    named: /names author/,
  },
];
