import type { KnownConnections } from '#connections/server'
import { implement } from '#platform/contract/implement'
import type { Database } from '#platform/db/database'
import { contentDisposition } from '#platform/files/serving'
import {
  assessmentRoutes,
  learningRoutes,
  policyRoutes,
  proposalRoutes,
  reviewRoutes,
  settingsRoutes,
  topicRoutes,
} from '../contract.ts'
import { correctMessage, learnSoon, withdrawCorrection } from './labels/correct.ts'
import { listAssessments, revealMessage } from './labels/read.ts'
import { listReview, skipReview } from './labels/review.ts'
import type { LargeModel } from './large-model/ask.ts'
import { readFigures } from './learning/figures.ts'
import {
  countCorrections,
  listLayers,
  readCorrections,
  readLayerFile,
  requireEnough,
  resetLayers,
  restoreLayer,
} from './learning/layers.ts'
import { CORRECTIONS_NEEDED } from './learning/tasks.ts'
import { findPersonalData, maskPersonalData } from './personal-data/find.ts'
import { listPolicies, publicPathOf, publishPolicy, readPolicy } from './priority/policies.ts'
import { previewPolicy } from './priority/preview.ts'
import { readPriority } from './priority/shown.ts'
import { changeSettings, listUses, usedToday } from './settings.ts'
import { decideProposal, listProposals } from './storing/proposals.ts'
import { readStanding } from './storing/standing.ts'
import { previewTopic } from './topics/preview.ts'
import {
  addTopicExamples,
  archiveTopic,
  changeTopic,
  createTopic,
  listTopicExamples,
  readTopics,
  removeTopicExample,
} from './topics/topics.ts'
import type { ModelState } from './worker/assessed.ts'

export interface TriageRouteDeps {
  readonly db: Database
  readonly known: KnownConnections
  /** Of the thread that assesses. */
  readonly modelState: () => ModelState
  readonly largeModel: Pick<LargeModel, 'url' | 'model'> | null
}

const labelsOfMessagesPlugin = ({ db, known }: TriageRouteDeps) =>
  implement({ ...assessmentRoutes, ...reviewRoutes })({
    listAssessments: ({ params: { id }, query }, { actor }) =>
      db.read(actor, (tx) => listAssessments(tx, actor, { conversationId: id, ...query })),
    correctMessage: ({ params: { id }, body }, { actor }) =>
      db.write(actor, (tx) => correctMessage(tx, actor, known, { messageId: id, ...body })),
    withdrawCorrection: ({ params: { id, label } }, { actor }) =>
      db.write(actor, (tx) => withdrawCorrection(tx, actor, known, { messageId: id, label })),
    revealMessage: ({ params: { id } }, { actor }) => db.write(actor, (tx) => revealMessage(tx, actor, id)),
    listReview: ({ query }, { actor }) => db.read(actor, (tx) => listReview(tx, actor, query)),
    skipReview: ({ params: { id } }, { actor }) => db.write(actor, (tx) => skipReview(tx, actor, id)),
  })

const learningPlugin = ({ db, modelState }: TriageRouteDeps) =>
  implement(learningRoutes)({
    getModelFigures: ({ query: { label } }, { actor }) => db.read(actor, (tx) => readFigures(tx, actor, label)),
    listLayers: async (_, { actor }) => {
      const { items, corrections } = await db.read(actor, async (tx) => ({
        items: await listLayers(tx, actor),
        corrections: await countCorrections(tx, actor),
      }))
      return { items, state: { corrections, needed: CORRECTIONS_NEEDED, model: modelState() } }
    },
    learnNow: (_, { actor }) =>
      db.write(actor, async (tx) => {
        await requireEnough(tx, actor)
        await learnSoon(tx, actor, 'sentiment', 0)
      }),
    restoreLayer: ({ params: { id } }, { actor }) => db.write(actor, (tx) => restoreLayer(tx, actor, id)),
    exportLayer: async ({ params: { id } }, { actor, reply }) => {
      const { kind, version, content } = await db.read(actor, (tx) => readLayerFile(tx, actor, id))
      const ending = kind === 'sentiment' ? 'json' : 'bin'
      return reply
        .headers({
          'content-type': kind === 'sentiment' ? 'application/json' : 'application/octet-stream',
          'content-disposition': contentDisposition('attachment', `${kind}-${version}.${ending}`),
        })
        .send(content)
    },
    resetLayers: (_, { actor }) => db.write(actor, (tx) => resetLayers(tx, actor)),
    exportCorrections: async (_, { actor, reply }) => {
      const corrections = await db.read(actor, (tx) => readCorrections(tx, actor))
      return reply
        .headers({
          'content-type': 'application/x-ndjson',
          'content-disposition': contentDisposition('attachment', 'corrections.jsonl'),
        })
        .send(corrections.map((one) => `${JSON.stringify({ ...one, text: masked(one.text) })}\n`).join(''))
    },
  })

/** What leaves as a file has no personal data in it, whatever the workspace covers. */
const masked = (text: string): string => maskPersonalData(text, findPersonalData(text))

const topicsPlugin = ({ db }: TriageRouteDeps) =>
  implement(topicRoutes)({
    listTopics: async (_, { actor }) => ({ items: await db.read(actor, (tx) => readTopics(tx, actor)) }),
    createTopic: ({ body }, { actor }) =>
      db.write(actor, async (tx) => {
        const topic = await createTopic(tx, actor, body)
        await learnSoon(tx, actor, 'topics')
        return topic
      }),
    previewTopic: ({ body }, { actor }) => previewTopic(db, actor, body),
    changeTopic: ({ params: { key }, body: { name } }, { actor }) =>
      db.write(actor, (tx) => changeTopic(tx, actor, key, name)),
    archiveTopic: ({ params: { key } }, { actor }) =>
      db.write(actor, async (tx) => {
        await archiveTopic(tx, actor, key)
        await learnSoon(tx, actor, 'topics')
      }),
    listTopicExamples: async ({ params: { key } }, { actor }) => ({
      items: await db.read(actor, (tx) => listTopicExamples(tx, actor, key)),
    }),
    addTopicExamples: ({ params: { key }, body: { texts } }, { actor }) =>
      db.write(actor, async (tx) => {
        const topic = await addTopicExamples(tx, actor, key, texts)
        await learnSoon(tx, actor, 'topics')
        return topic
      }),
    removeTopicExample: ({ params: { key, exampleId } }, { actor }) =>
      db.write(actor, async (tx) => {
        await removeTopicExample(tx, actor, key, exampleId)
        await learnSoon(tx, actor, 'topics')
      }),
  })

const priorityPlugin = ({ db, known }: TriageRouteDeps) =>
  implement(policyRoutes)({
    getPriority: ({ params: { id } }, { actor }) => db.read(actor, (tx) => readPriority(tx, actor, id)),
    getPolicy: (_, { actor }) =>
      db.read(actor, async (tx) => {
        const current = await readPolicy(tx, actor)
        return { current, publicPath: await publicPathOf(tx, actor, current.version) }
      }),
    listPolicies: async (_, { actor }) => ({ items: await db.read(actor, (tx) => listPolicies(tx, actor)) }),
    previewPolicy: ({ body: { policy } }, { actor }) => db.read(actor, (tx) => previewPolicy(tx, actor, known, policy)),
    publishPolicy: ({ body }, { actor }) => db.write(actor, (tx) => publishPolicy(tx, actor, body)),
  })

const proposalsPlugin = ({ db }: TriageRouteDeps) =>
  implement(proposalRoutes)({
    listProposals: ({ query }, { actor }) => db.read(actor, (tx) => listProposals(tx, actor, query)),
    acceptProposal: ({ params: { id } }, { actor }) =>
      db.write(actor, (tx) => decideProposal(tx, actor, id, 'accepted')),
    dismissProposal: ({ params: { id } }, { actor }) =>
      db.write(actor, (tx) => decideProposal(tx, actor, id, 'dismissed')),
  })

const triageSettingsPlugin = ({ db, largeModel }: TriageRouteDeps) =>
  implement(settingsRoutes)({
    getTriageSettings: (_, { actor }) =>
      db.read(actor, async (tx) => ({
        settings: (await readStanding(tx, actor)).settings,
        largeModel: largeModel && { model: largeModel.model, host: new URL(largeModel.url).host },
        usedToday: await usedToday(tx, actor),
      })),
    changeTriageSettings: ({ body }, { actor }) =>
      db.write(actor, (tx) => changeSettings(tx, actor, body, largeModel !== null)),
    listLargeModelUses: ({ query }, { actor }) => db.read(actor, (tx) => listUses(tx, actor, query)),
  })

/** All routes of the domain, each plugin with the same needs. */
export const triagePlugins = [
  labelsOfMessagesPlugin,
  learningPlugin,
  topicsPlugin,
  priorityPlugin,
  proposalsPlugin,
  triageSettingsPlugin,
] as const
