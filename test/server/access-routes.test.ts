// Everybody × every address of the API, against rules that were written by hand (test/access/route-rules.ts). Whoever may not is asked
// first, then whoever else may, then the one whose request it was: that one is answered, so the refusals were none of a wrong request.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Asker } from '../access/route-walk.ts';
import { askersOf, captured, sentBy, walkedActs } from '../access/route-walk.ts';
import type { Rule } from '../access/route-rules.ts';
import { guardiansFrom, routeRules, withoutFactor } from '../access/route-rules.ts';
import { askedElsewhere } from '../access/routes-asked-elsewhere.ts';
import type { Act, Sent, World } from '../ledger-routes/world.ts';
import { newCondition, startWorld } from '../ledger-routes/world.ts';

const nameOf = ({ route, what }: Act) => (what === undefined ? route : `${route}, ${what}`);
const isProgram = ({ name }: Asker) => /^(system\/|app )/.test(name);

/** These change what the askers stand on, or what the person can still be asked: walked in their place, asked of everybody later. */
const later = new Set(['POST /api/access-requests', 'POST /api/break-glass']);
/** These end sessions and tokens of the one whose requests they are. */
const last = new Set(['POST /api/apps/:id/end', 'PUT /api/password']);
const atOnce = 8;
const unproved = 'staff without a second factor';

describe('CON-01: who is answered at which address', () => {
  let world: World;
  let askers: readonly Asker[];
  let cases = 0;
  before(async () => {
    world = await startWorld();
    await newCondition(world);
    askers = (await askersOf(world)).filter(({ name }) => name !== 'owner');
  });
  after(() => world?.server.stop());

  /** What is wrong with the answer, if anything is. */
  async function wrong(
    asker: Asker,
    sent: Sent,
    wanted: number | 'answered',
    mayShow: boolean,
  ): Promise<string[]> {
    cases += 1;
    const { status, text } = await sentBy(world, asker, sent);
    const { patientId, uhid, login } = world.asha;
    const typed = `${sent.path}${JSON.stringify(sent.call.body ?? '')}`;
    const shown = [patientId, uhid, login].filter((mark) => text.includes(mark) && !typed.includes(mark));
    // A token of an app lasts for some minutes.
    const ranOut = status === 401 && wanted === 403 && asker.name.startsWith('app ');
    const fits = wanted === 'answered' ? status >= 200 && status < 300 : status === wanted || ranOut;
    const what = `${asker.name}: ${sent.method} ${sent.path.slice(0, 80)}: ${status}`;
    return [
      ...(fits ? [] : [`${what}, not ${wanted}: ${text.slice(0, 160)}`]),
      ...(shown.length > 0 && !mayShow ? [`${what} shows something of somebody else`] : []),
    ];
  }

  function wantedOf(rule: Rule, asker: Asker, route: string): number {
    const { name } = asker;
    if (name === 'nobody') return 401;
    if (name === unproved && !withoutFactor.includes(route)) return 403;
    if (isProgram(asker)) return rule.programs?.[name] ?? 403;
    const [otherwise] = Object.entries(rule.but ?? {}).find(([, names]) => names.includes(name)) ?? [];
    return otherwise === undefined ? rule.others : Number(otherwise);
  }

  const changedFor = (rule: Rule, sent: Sent, index: number): Sent =>
    rule.each === undefined
      ? sent
      : {
          ...sent,
          call: { ...sent.call, body: rule.each(sent.call.body as Record<string, unknown>, index) },
        };

  async function makeAnew(act: Act, rule: Rule): Promise<Sent> {
    const maker = rule.after === undefined ? undefined : walkedActs.find((one) => nameOf(one) === rule.after);
    await maker?.prepare?.(world);
    await maker?.act(world);
    await act.prepare?.(world);
    const sent = await captured(world, act);
    assert.ok(sent, 'its request was seen');
    return sent;
  }

  async function askAll(act: Act, rule: Rule): Promise<string[]> {
    const { may = [], names = [] } = rule;
    const sent = await makeAnew(act, rule);
    const found: string[] = [];
    const others = askers.filter(
      (asker) =>
        !may.includes(asker.name) && (rule.once === undefined || isProgram(asker) || asker.name === 'nobody'),
    );
    await together(others, rule, async (asker) => {
      const mayShow = names.includes(asker.name) || (isProgram(asker) && rule.programs !== undefined);
      const one = changedFor(rule, sent, askers.indexOf(asker));
      found.push(...(await wrong(asker, one, wantedOf(rule, asker, act.route), mayShow)));
    });
    const { behalf } = rule;
    if (behalf !== undefined) found.push(...(await askOnBehalf(sent, rule, behalf)));
    const answered = askers.filter(({ name }) => may.includes(name)).slice(0, rule.most);
    for (const [place, asker] of answered.entries()) {
      const one = rule.spent === undefined && place > 0 ? await makeAnew(act, rule) : sent;
      const wanted = place > 0 && rule.spent !== undefined ? rule.spent : 'answered';
      found.push(...(await wrong(asker, changedFor(rule, one, askers.indexOf(asker)), wanted, true)));
    }
    return found;
  }

  async function together(
    all: readonly Asker[],
    { alone }: Rule,
    ask: (asker: Asker) => Promise<void>,
  ): Promise<void> {
    const waiting = all.values();
    const work = async () => {
      for (const one of waiting) await ask(one);
    };
    await Promise.all(Array.from({ length: alone ? 1 : atOnce }, work));
  }

  async function askOnBehalf(sent: Sent, rule: Rule, level: NonNullable<Rule['behalf']>): Promise<string[]> {
    const path = `${sent.path}${sent.path.includes('?') ? '&' : '?'}patient=${world.asha.patientId}`;
    const found: string[] = [];
    await together(askers, rule, async (asker) => {
      const { name } = asker;
      const open = (typeof level === 'string' ? guardiansFrom(level) : level).includes(name);
      const refused =
        isProgram(asker) || name === unproved || guardiansFrom('view').includes(name) ? 403 : 404;
      const wanted = open ? 'answered' : name === 'nobody' ? 401 : refused;
      found.push(...(await wrong(asker, { ...sent, path }, wanted, open)));
    });
    return found;
  }

  const walked = walkedActs.filter((act) => !(nameOf(act) in askedElsewhere));
  const inPlace = (act: Act) => !later.has(nameOf(act)) && !last.has(nameOf(act));
  const ordered = [
    ...walked.filter((act) => !last.has(nameOf(act))),
    ...walked.filter((act) => !inPlace(act)),
  ];
  for (const [index, act] of ordered.entries())
    test(nameOf(act), async () => {
      const rule = routeRules[nameOf(act)];
      assert.ok(rule, 'this route is in no rule of test/access/route-rules.ts');
      const found = later.has(nameOf(act)) && ordered.indexOf(act) === index ? [] : await askAll(act, rule);
      // What nobody was let use is still there for the one whose request it is.
      if ((rule.may ?? []).length > 0 && rule.spent === undefined) await makeAnew(act, rule);
      const { status, text } = await act.act(world);
      const fits = (status >= 200 && status < 300) || status === act.status || status === rule.spent;
      if (!fits) found.push(`whose request it is, is answered ${status}: ${text.slice(0, 200)}`);
      assert.deepEqual(found.slice(0, 8), [], `${found.length} mismatches`);
    });

  test('every route of the API has a rule, and every rule a route', (context) => {
    const named = new Set(
      [...Object.keys(routeRules), ...Object.keys(askedElsewhere)].map((one) => one.replace(/, .*/, '')),
    );
    const routes = world.server.routes.filter(
      (route) => / \/(api|dicom-web)\//.test(route) && !route.startsWith('HEAD'),
    );
    assert.deepEqual(
      routes.filter((route) => !named.has(route)).toSorted(),
      [],
      'in no rule of test/access/route-rules.ts',
    );
    assert.deepEqual(
      [...named].filter((route) => !routes.includes(route)),
      [],
    );
    const asked = new Set(walkedActs.map(nameOf));
    assert.deepEqual(
      Object.keys(routeRules).filter((name) => !asked.has(name)),
      [],
    );
    context.diagnostic(`${cases} cases`);
    assert.ok(cases > 4000, `${cases} cases`);
  });
});
