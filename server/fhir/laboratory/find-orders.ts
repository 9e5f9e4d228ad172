// Somebody stands at the counter with a printed order, or with their card: which orders of theirs name this laboratory. Of everybody else,
// and of orders that go elsewhere, it is as if there were none.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { orderSystem, readOrderCode } from '../../../core/record/order-code.ts';
import { parseUhid } from '../../../core/card/uhid.ts';
import { ApiError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import { listDepartures } from '../../storage/lab-departures.ts';
import { findAddressedOrders } from '../../storage/lab-orders.ts';
import { requireContext } from '../asker.ts';
import { recordLooksAtPeople } from '../looks.ts';
import { requireLaboratory } from './laboratory-room.ts';
import { addressedTo, departed, listed, organizationsOf, overShownMs, stateOf } from './orders.ts';

const mostFound = 20;
const mostGone = 500;

/** `POST /api/laboratory/orders/find {code}`: rows as of the worklist. `code`: the number of an order, or a UHID; 422 for neither. */
export function findOrders(deps: Deps): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: 1024,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['code'],
        properties: { code: { type: 'string', minLength: 1, maxLength: 40 } },
      },
    },
    async handler(request, reply) {
      const { places } = await requireLaboratory(deps, request);
      const { code } = request.body as { code: string };
      const uhid = parseUhid(code);
      const number = readOrderCode(code);
      if (!uhid.ok && number === undefined)
        throw new ApiError(
          422,
          'order-code-wrong',
          'This is neither the number of an order nor a health ID.',
          {
            fields: [{ field: 'code', code: 'wrong-kind' }],
          },
        );
      const ids = organizationsOf(places);
      const identifier = uhid.ok ? undefined : `${orderSystem}|${number}`;
      const found = await findAddressedOrders(
        deps.db.pool,
        ids,
        addressedTo(ids, deps.now(), undefined, identifier),
        uhid.ok ? uhid.uhid : null,
        mostFound,
      );
      await recordLooksAtPeople(deps, requireContext(request), [], {
        event: 'search',
        basis: 'laboratory-order',
        query: 'an order, by what was shown at the counter',
      });
      // Whoever stands there with the paper of an order that went elsewhere is told so, and not that there is none.
      const gone =
        number === undefined || found.length > 0
          ? []
          : (await listDepartures(deps.db.pool, ids, deps.now() - overShownMs, mostGone))
              .map(departed)
              .filter(({ code: of }) => of === number);
      return reply
        .header('cache-control', 'no-store')
        .send([
          ...found
            .map((one) => ({ ...listed(one), state: stateOf(one), corrects: one.edition > 0 }))
            .filter((one) => one.state !== 'cancelled'),
          ...gone,
        ]);
    },
  };
}
