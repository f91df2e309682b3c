// What operators and integrators ask of the program itself.
import * as t from 'typebox'
import { implement } from '#platform/contract/implement'
import { routes } from '#platform/contract/kernel'
import { openApiOf } from '#platform/contract/openapi'
import type { Database } from '#platform/db/database'
import type { Metrics } from '#platform/metrics'
import type { FastifyInstance } from 'fastify'
import type { OpenDoor } from '#connections/server'
import { Problem } from '#platform/contract/problem'
import type { ModelState } from '#triage/server'

const Health = t.Object({ status: t.String(), version: t.String() })

/** The ports of open doors by their names; empty where this process opens none. */
const Doors = t.Record(t.String(), t.Integer())

/** Whether the models of triage are there. Without them the program does its work, and sentiment is unsure. */
const Model = t.Object({ state: t.String(), reason: t.Union([t.String(), t.Null()]) })

const systemRoutes = routes({
  health: { method: 'GET', path: '/healthz', summary: 'The program runs', access: 'public', reply: Health },
  readiness: {
    method: 'GET',
    path: '/readyz',
    summary: 'The program can do its work: the database answers and events are read',
    access: 'public',
    reply: t.Object({ status: t.String(), database: t.String(), eventLagMs: t.Integer(), doors: Doors, models: Model }),
    problems: ['not_ready'],
  },
  metrics: { method: 'GET', path: '/metrics', summary: 'Figures for Prometheus', access: 'public', raw: 'text' },
  openApi: { method: 'GET', path: '/api/openapi.json', summary: 'This description', access: 'public', raw: 'text' },
})

export interface SystemDeps {
  readonly db: Database
  readonly metrics: Metrics
  readonly version: string
  readonly eventLagMs: () => number
  readonly doors: () => readonly OpenDoor[]
  readonly models: () => ModelState
}

/** Longer without a look at the events than this, and browsers see the past. */
const MOST_LAG_MS = 15_000

export const systemPlugin =
  ({ db, metrics, version, eventLagMs, doors, models }: SystemDeps) =>
  async (app: FastifyInstance): Promise<void> => {
    await implement(systemRoutes)({
      health: async () => ({ status: 'ok', version }),
      readiness: async () => {
        const eventLag = Math.round(eventLagMs())
        const database = await db.pool.query('select 1').then(
          () => 'ok',
          () => 'away',
        )
        if (database !== 'ok' || eventLag > MOST_LAG_MS) {
          throw new Problem(503, 'not_ready', 'The program is not ready for work.', {
            details: { database, eventLagMs: eventLag },
          })
        }
        const open = Object.fromEntries(doors().map(({ door, port }) => [door, port]))
        return { status: 'ready', database, eventLagMs: eventLag, doors: open, models: models() }
      },
      metrics: async (_, { reply }) => reply.type(metrics.contentType).send(await metrics.render()),
      openApi: async (_, { reply }) =>
        reply
          .type('application/json; charset=utf-8')
          .send(JSON.stringify(openApiOf(app.contracts, { title: 'Rapport', version }))),
    })(app)
  }
