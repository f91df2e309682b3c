// A desk whose messages are assessed, behind the routes of triage, for this domain's tests.
import type { FastifyInstance } from 'fastify'
import { inboxPlugins } from '#inbox/server'
import { conversationRoutes } from '#inbox/contract'
import type { Actor } from '#platform/actor'
import { testClock } from '#platform/clock'
import type { Database } from '#platform/db/database'
import { aFileStore } from '#platform/testing/files'
import { startTestServer, testCaller, type TestCaller } from '#platform/testing/http'
import { aConversation, anInbox, at, minute, type MadeInbox } from '../../inbox/server/factories.ts'
import { assessmentRoutes, type CorrectableLabel } from '../contract.ts'
import { triagePlugins } from './routes.ts'
import { assessMessages } from './storing/catch-up.ts'
import type { Assessor } from './worker/assessor.ts'

export const HURT = 'The heater you sold me caught fire and my daughter was burned. This is dangerous!'
export const CALM = 'Could you tell me the opening hours of your shop on Sunday?'

export interface TriageDesk {
  readonly inbox: MadeInbox
  readonly app: FastifyInstance
  readonly caller: TestCaller
  /** Who calls; change it to be somebody else. */
  actor: Actor
  /** A conversation whose messages were assessed as if by intake. */
  readonly assessed: (...texts: string[]) => ReturnType<typeof aConversation>
  readonly assessAgain: (messageIds: readonly string[]) => Promise<void>
  readonly conversation: (id: string) => Promise<ReturnType<typeof bodyOf>>
  readonly correct: (
    id: string,
    label: CorrectableLabel,
    value: string | string[] | null,
  ) => ReturnType<typeof correction>
}

const bodyOf = (answer: Awaited<ReturnType<typeof opened>>) => answer.body
const opened = (caller: TestCaller, id: string) => caller.call(conversationRoutes.getConversation, { params: { id } })
const correction = (caller: TestCaller, id: string, label: CorrectableLabel, value: string | string[] | null) =>
  caller.call(assessmentRoutes.correctMessage, { params: { id }, body: { label, value } })

export async function openDesk(db: Database, assessor: Assessor): Promise<TriageDesk> {
  const inbox = await anInbox(db)
  const deps = { db, known: inbox.known, modelState: assessor.state, largeModel: null }
  const assess = (messageIds: readonly string[]) =>
    assessMessages(db, desk.actor, { assessor, known: inbox.known }, messageIds)
  const files = await aFileStore()
  const app = await startTestServer({
    clock: testClock(minute(100)),
    authorize: async () => desk.actor,
    plugins: [
      ...inboxPlugins.map((plugin) => plugin({ db, known: inbox.known, files })),
      ...triagePlugins.map((plugin) => plugin(deps)),
    ],
  })
  const caller = testCaller(app)
  const desk: TriageDesk = {
    inbox,
    app,
    caller,
    actor: at(inbox.owner, minute(100)),
    assessAgain: assess,
    async assessed(...texts) {
      const made = await aConversation(db, inbox, { texts })
      await assess(made.messageIds)
      return made
    },
    conversation: async (id) => bodyOf(await opened(caller, id)),
    correct: (id, label, value) => correction(caller, id, label, value),
  }
  return desk
}
