// How a batch that intake stores is understood. Two halves: `begin` hands the texts to the thread that assesses, while the
// database finds out who speaks; `understand` stores what came of it and says what the conversations' rows repeat. Neither
// throws, and nothing that fails here undoes a message: what could not be understood now is understood by a job later.
import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { KnownConnections } from '#connections/server'
import {
  occurredAt,
  type Heard,
  type InboundItem,
  type PersonalSpan,
  type StoredMessage,
  type TouchedThread,
  type Understanding,
} from '#inbox/server'
import type { Actor } from '#platform/actor'
import type { Database, Tx } from '#platform/db/database'
import { enqueue } from '#platform/jobs'
import { ASK_TASK, isAsked } from '../large-model/asked.ts'
import { ownWords } from '../own-words.ts'
import { findPersonalData, type PersonalDataSpan } from '../personal-data/find.ts'
import { opened } from '../personal-data/opened.ts'
import { rememberSteps } from '../priority/steps.ts'
import type { Assessed } from '../worker/assessed.ts'
import type { Assessor } from '../worker/assessor.ts'
import { isTelling, storeAssessments, type NewAssessment } from './assessments.ts'
import { readFacts, understandThread } from './facts.ts'
import { putIntoGroups } from './grouping.ts'
import { marksOf } from './marks.ts'
import { propose } from './proposals.ts'
import { findResemblance, type Beginning } from './resemblance.ts'
import { gather, join, type Said } from './summary.ts'
import { readStanding, taughtOf, type Standing } from './standing.ts'

export const ASSESS_TASK = 'triage.assess'
/** What could not be assessed is tried again after this. */
const LATER_MS = 1_000
/** No transaction waits longer for an assessment: a batch takes some 30 ms, and what comes later than this comes by a job. */
const PATIENCE_MS = 1_500
/** Unsure messages are gathered for this long, so that one request asks about many. */
const GATHER_MS = 3_000

type Message = InboundItem['message']

export interface Triage {
  /** Once a batch, inside its transaction and before anything is stored; what it answers waits for the assessment. */
  readonly begin: (tx: Tx, actor: Actor, messages: readonly Message[]) => Promise<() => Promise<Heard>>
}

export interface TriageDeps {
  readonly db: Database
  readonly log: Logger
  readonly known: KnownConnections
  readonly assessor: Assessor
  /** Whether the installation names a large model. */
  readonly largeModel?: boolean
}

interface Read {
  readonly words: string
  readonly assessed: Assessed | null
  readonly personal: readonly PersonalDataSpan[]
}

export function openTriage(deps: TriageDeps): Triage {
  return {
    async begin(tx, actor, messages) {
      const standing = await readStanding(tx, actor)
      const theirs = messages.filter(({ ours }) => !ours)
      const words = theirs.map(ownWords)
      const assessing = inTime(deps.assessor.assess(words, taughtOf(deps.db, actor, standing)))
      return async () => {
        const assessed = await assessing
        const read = new Map(
          theirs.map((message, i) => [message, readingOf(message, words[i]!, assessed?.[i] ?? null)]),
        )
        return {
          personalOf: (message) => {
            const found = spansOf(message, read.get(message)?.personal ?? findPersonalData(message.text))
            return opened(message, found, standing.settings.covered, Object.values(addressesOf(message)))
          },
          understand: (tx, actor, threads) => understandSafely(deps, tx, actor, threads, read, standing),
        }
      }
    },
  }
}

/** The assessment, or null where it takes too long. */
async function inTime<T>(assessing: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS)
  })
  return Promise.race([assessing, late]).finally(() => clearTimeout(timer))
}

/** What was assessed may be more or less than the message's text: then its own personal data is looked for once more. */
function readingOf(message: Message, words: string, assessed: Assessed | null): Read {
  const same = assessed !== null && words === message.text
  return { words, assessed, personal: same ? assessed.personalData : findPersonalData(message.text) }
}

const addressesOf = ({ author: { email, phone, handle, externalId } }: Message) => ({
  email,
  phone,
  handle,
  externalId,
})

/** Personal data of a message in all its texts, its body's found already. */
export function spansOf(
  { subject, quoted }: { readonly subject?: string | null | undefined; readonly quoted?: string | null | undefined },
  body: readonly PersonalDataSpan[],
): PersonalSpan[] {
  const inPart = (text: string | null | undefined, part: 'subject' | 'quoted'): PersonalSpan[] =>
    text ? findPersonalData(text).map((span) => ({ ...span, part })) : []
  return [...body, ...inPart(subject, 'subject'), ...inPart(quoted, 'quoted')]
}

async function understandSafely(
  deps: TriageDeps,
  tx: Tx,
  actor: Actor,
  threads: readonly TouchedThread[],
  read: ReadonlyMap<Message, Read>,
  standing: Standing,
): Promise<ReadonlyMap<string, Understanding>> {
  const heard = threads.flatMap(({ messages }) => messages).filter(isTheirs)
  if (heard.length === 0) return new Map()
  await sql`savepoint triage`.execute(tx)
  try {
    const understood = await understandThreads(deps, tx, actor, threads, read, standing)
    await later(
      tx,
      actor,
      heard.filter(({ item }) => !read.get(item.message)?.assessed),
    )
    return understood
  } catch (error) {
    deps.log.error(
      { err: error, part: 'triage' },
      'a batch could not be understood; it is stored, and tried again later',
    )
    await sql`rollback to savepoint triage`.execute(tx)
    await later(tx, actor, heard)
    return new Map()
  }
}

/** What stands around what was said to us is nobody's word to us. */
const isTheirs = ({ item: { message }, deletedAt }: StoredMessage): boolean =>
  !message.ours && !message.context && deletedAt === null

const isAnswerable = (message: StoredMessage): boolean => isTheirs(message) && !message.item.message.automatic

async function later(tx: Tx, actor: Actor, messages: readonly StoredMessage[]): Promise<void> {
  if (messages.length === 0) return
  const runAt = new Date(actor.at.getTime() + LATER_MS)
  await enqueue(tx, ASSESS_TASK, { messageIds: messages.map(({ messageId }) => messageId) }, { runAt })
}

async function understandThreads(
  { known, largeModel = false }: TriageDeps,
  tx: Tx,
  actor: Actor,
  threads: readonly TouchedThread[],
  read: ReadonlyMap<Message, Read>,
  { policy, settings }: Standing,
): Promise<ReadonlyMap<string, Understanding>> {
  const fresh = threads.flatMap(({ messages }) =>
    messages.filter(isTheirs).flatMap(({ messageId, item }): NewAssessment[] => {
      const { assessed, words } = read.get(item.message) ?? { assessed: null, words: '' }
      return assessed === null ? [] : [{ messageId, assessed, words }]
    }),
  )
  await storeAssessments(tx, actor, fresh)
  const beginnings = threads.flatMap((thread) => beginningOf(actor, thread, read))
  const { groups, proposals } = await findResemblance(tx, actor, beginnings)
  const heard = threads.filter(({ messages }) => messages.some(isTheirs))
  const touched = new Map(heard.map((thread) => [thread.conversationId, thread]))
  const facts = await readFacts(tx, actor, [...touched.keys()], (id) => {
    const { isNew, episode } = touched.get(id)!
    return { from: isNew ? 'nothing' : 'row', episode }
  })
  const understood = new Map<string, Understanding>()
  const steps = new Map<string, Date>()
  for (const one of facts) {
    const thread = touched.get(one.id)!
    const now = {
      ...one,
      lastInboundAt: thread.lastInboundAt ?? one.lastInboundAt,
      gathered: join(one.gathered, gather(thread.episode, saidIn(thread, read))),
    }
    const groupId = groups.get(one.id) ?? one.groupId
    // Their rows are written afterwards: whoever writes now waits from now on.
    const asIfWaiting = thread.messages.some(isAnswerable)
    const { understanding, priority } = await understandThread(known, actor, now, policy, { groupId, asIfWaiting })
    understood.set(one.id, understanding)
    if (priority.nextStepAt) steps.set(one.id, priority.nextStepAt)
  }
  await rememberSteps(tx, actor, steps)
  const others = new Map([...groups].filter(([id]) => !understood.has(id)))
  await putIntoGroups(tx, actor, others)
  await propose(tx, actor, proposals)
  if (largeModel && settings.largeModel && fresh.some(({ assessed }) => isAsked(assessed)))
    await enqueue(
      tx,
      ASK_TASK,
      {},
      { key: `${ASK_TASK}:${actor.workspaceId}`, runAt: new Date(actor.at.getTime() + GATHER_MS) },
    )
  return understood
}

/** What was said in the batch, as it would be read from the tables. */
const saidIn = ({ messages }: TouchedThread, read: ReadonlyMap<Message, Read>): Said[] =>
  messages.filter(isTheirs).flatMap(({ item }) => {
    const assessed = read.get(item.message)?.assessed
    if (!assessed) return []
    const { probabilities, label } = assessed.sentiment
    return [
      {
        occurredAt: occurredAt(item.message.at, item.receivedAt).toISOString(),
        language: assessed.language,
        sentiment: label,
        negative: probabilities.negative,
        intent: assessed.intent,
        topic: assessed.topic,
        urgency: assessed.urgency,
        severity: assessed.severity.map(({ kind }) => kind),
        severityProbabilities: assessed.severity.map(({ probability }) => probability),
        needsPerson: assessed.needsPerson,
        toxicity: assessed.toxicity.label,
        corrected: [],
      },
    ]
  })

/** A conversation that begins with a customer's words, by the first of them. */
function beginningOf(actor: Actor, thread: TouchedThread, read: ReadonlyMap<Message, Read>): Beginning[] {
  if (!thread.isNew) return []
  const theirs = thread.messages.filter(isTheirs)
  const first = theirs.reduce<StoredMessage | null>(
    (first, one) => (first === null || one.item.message.at < first.item.message.at ? one : first),
    null,
  )
  const reading = first && read.get(first.item.message)
  if (!first || !reading?.assessed) return []
  const { message, speaker } = first.item
  const sketch = isTelling(reading.words) ? reading.assessed.duplicateKey : ''
  const { email, phone } = message.author
  const { workspaceId } = actor
  return [
    {
      messageId: first.messageId,
      conversationId: thread.conversationId,
      connectionId: thread.connectionId,
      customerId: thread.customerId,
      customerName: speaker.customerName,
      sketch,
      marks: marksOf({ workspaceId, text: message.text, personal: reading.personal, email, phone, sketch }),
    },
  ]
}
