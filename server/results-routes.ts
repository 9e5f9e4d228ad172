// The routes of laboratories, of results and of doses. `app.ts` knows the hooks that each request passes first.
import type { FastifyInstance } from 'fastify';
import { putDoseSettings, deletePlan, putPlan } from './fhir/doses/plans.ts';
import { putTick } from './fhir/doses/ticks.ts';
import { getDoseHistory, getDoses } from './fhir/doses/today.ts';
import { draftByteLimit, putResults } from './fhir/laboratory/draft.ts';
import { getRelease, listHeldResults, listWaiting, putRelease } from './fhir/laboratory/kept.ts';
import { getLaboratories } from './fhir/laboratory/directory.ts';
import { findOrders } from './fhir/laboratory/find-orders.ts';
import { listOrdersOf } from './fhir/laboratory/persons-orders.ts';
import { cancelOrder, sendOrder } from './fhir/laboratory/send-order.ts';
import { acceptOrder, declineOrder, getOrder, listOrders, takeSample } from './fhir/laboratory/orders.ts';
import { signResults } from './fhir/laboratory/sign.ts';
import { acknowledgeTask, getTask, handOverTask, listTasks } from './fhir/laboratory/tasks.ts';
import type { Deps } from './http/deps.ts';

export function resultsRoutes(app: FastifyInstance, deps: Deps): void {
  const order = '/api/laboratory/orders/:id';
  app.get('/api/laboratories', { exposeHeadRoute: false }, getLaboratories(deps));
  app.get('/api/orders', { exposeHeadRoute: false }, listOrdersOf(deps));
  app.put('/api/orders/:id/laboratory', sendOrder(deps));
  app.post('/api/orders/:id/cancel', cancelOrder(deps));
  app.post('/api/laboratory/orders/find', findOrders(deps));
  app.get('/api/laboratory/orders', { exposeHeadRoute: false }, listOrders(deps));
  app.get(order, { exposeHeadRoute: false }, getOrder(deps));
  app.post(`${order}/accept`, acceptOrder(deps));
  app.post(`${order}/decline`, declineOrder(deps));
  app.post(`${order}/sample`, takeSample(deps));
  app.post(`${order}/sign`, signResults(deps));
  // Read by the parser of the record: numbers keep their digits.
  void app.register(async (bytes) => {
    bytes.removeAllContentTypeParsers();
    bytes.addContentTypeParser(
      ['application/json', 'application/fhir+json'],
      { parseAs: 'buffer' },
      (_request, body, done) => done(null, body),
    );
    bytes.put(`${order}/results`, { bodyLimit: draftByteLimit }, putResults(deps));
  });

  const task = '/api/results/tasks/:id';
  app.get('/api/results/tasks', { exposeHeadRoute: false }, listTasks(deps));
  app.get(task, { exposeHeadRoute: false }, getTask(deps));
  app.post(`${task}/acknowledge`, acknowledgeTask(deps));
  app.post(`${task}/hand-over`, handOverTask(deps));

  app.get('/api/results/waiting', { exposeHeadRoute: false }, listWaiting(deps));
  app.get('/api/results/held', { exposeHeadRoute: false }, listHeldResults(deps));
  app.get('/api/results/release', { exposeHeadRoute: false }, getRelease(deps));
  app.put('/api/results/release', putRelease(deps));

  app.get('/api/doses', { exposeHeadRoute: false }, getDoses(deps));
  app.get('/api/doses/history', { exposeHeadRoute: false }, getDoseHistory(deps));
  app.put('/api/doses/settings', putDoseSettings(deps));
  app.put('/api/doses/plans/:type/:id', putPlan(deps));
  app.delete('/api/doses/plans/:type/:id', deletePlan(deps));
  app.put('/api/doses/ticks/:type/:id/:dose', putTick(deps));
}
