// Every route of the program, under its prefix.
import type { FastifyInstance } from 'fastify'
import { connectionsPlugin, webhookPlugin, type OpenDoor } from '#connections/server'
import { customersPlugin } from '#customers/server'
import { inboxPlugins, networksPlugin } from '#inbox/server'
import { implement } from '#platform/contract/implement'
import { openMailer, type SystemMail } from '#platform/mail'
import { realtimeRoutes } from '#platform/realtime/contract'
import { triagePlugins } from '#triage/server'
import { loginKeyOf, workspacesPlugin } from '#workspaces/server'
import { portalPlugin } from '../../portal/routes.ts'
import { deliveryMetrics } from './measures.ts'
import type { Parts } from './parts.ts'
import { samplePlugin } from './sample-routes.ts'
import { systemPlugin } from './system-routes.ts'
import { visitorsPlugin } from './visitors-plugin.ts'

export interface Routes {
  readonly parts: Parts
  /** Where people reach us, with the port that we got. */
  readonly publicUrl: () => string
  readonly doors: () => readonly OpenDoor[]
}

export async function registerRoutes(app: FastifyInstance, { parts, publicUrl, doors }: Routes): Promise<void> {
  const { db, clock, metrics, version, tail, assessor, known, accept, refusals } = parts
  await app.register(systemPlugin({ db, metrics, version, eventLagMs: tail.lagMs, doors, models: assessor.state }))
  await app.register(webhookPlugin({ known, accept, refusals, clock, metrics: deliveryMetrics(metrics) }))
  await app.register((api) => registerApi(api, parts, publicUrl), { prefix: '/api' })
  await app.register(visitorsPlugin(parts), { prefix: '/widget/v1' })
  await app.register(portalPlugin({ db }))
}

/** What members and their programs call. */
async function registerApi(api: FastifyInstance, parts: Parts, publicUrl: () => string): Promise<void> {
  const { db, clock, auth, keyring, known, network, files, reads, channels, assessor, largeModel } = parts
  await workspacesPlugin({ db, clock, auth, publicUrl, sendMail: mailOf(parts) })(api)
  const origin = () => new URL(publicUrl()).origin
  await connectionsPlugin({
    db,
    keyring,
    known,
    network,
    clock,
    reads,
    connectors: channels,
    origin,
    loginOf: loginKeyOf,
  })(api)
  await customersPlugin({ db, files })(api)
  for (const plugin of inboxPlugins) await plugin({ db, known, files, reads })(api)
  const modelState = assessor.state
  for (const plugin of triagePlugins) await plugin({ db, known, modelState, largeModel })(api)
  await networksPlugin({ db, known, network, clock })(api)
  await samplePlugin({ db, clock, keyring, known, files })(api)
  const { streams, authorize } = parts
  await implement(realtimeRoutes)({
    openStream: (_, { actor, request, reply }) =>
      streams.open(request, reply, actor, () => authorize(request, realtimeRoutes.openStream)),
  })(api)
}

/** Null where no mail server is named. */
function mailOf({ config }: Parts): ((mail: SystemMail) => Promise<void>) | null {
  const mailer = openMailer({
    ...(config.smtpUrl !== null && { smtpUrl: config.smtpUrl }),
    from: `Rapport <rapport@${new URL(config.publicUrl).hostname}>`,
  })
  if (!mailer.configured) return null
  return async (mail) => {
    const outcome = await mailer.send(mail)
    if (!outcome.ok) throw new Error(`the mail was not sent: ${outcome.reason}`)
  }
}
