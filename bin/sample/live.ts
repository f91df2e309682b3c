// Lives one step of a story through the product's own use cases, as whoever did it and at the time at which they did.
import { randomUUIDv7 } from 'node:crypto'
import type { InboundMessage, StoredDelivery } from '#channels/connector'
import { LANES, type KnownConnection } from '#connections/server'
import { blockCustomer, knowSpeakers, speakerKey } from '#customers/server'
import {
  applyChanges,
  assignConversation,
  claimDue,
  labelConversation,
  placeGate,
  resolveConversation,
  saveDraft,
  sendMessage,
  settle,
  snoozeConversation,
  storeInbound,
  waitConversation,
  writeNote,
} from '#inbox/server'
import { programActor, type Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { KeptFile } from '#platform/files/keep'
import { laneOf } from '#platform/jobs'
import { places } from './cast.ts'
import type { Stage } from './furnish.ts'
import { deliveryOf } from './deliveries.ts'
import type { PlannedStep, PlannedStory } from './plan.ts'

/** How far a story has come in the database. */
interface Told {
  readonly conversationId: string
  readonly customerId: string
  /** Messages in their order: who wrote, our id, the platform's id. */
  readonly said: { readonly id: string; readonly externalId: string; readonly kind: 'in' | 'out' }[]
}

export interface DoneDelivery {
  readonly workspaceId: string
  readonly id: string
  readonly connectionId: string
  readonly lane: number
  readonly receivedAt: Date
  readonly body: Buffer
}

export interface Living {
  /** As of when the sample is loaded: what is put away comes back some days after it. */
  readonly now: Date
  readonly stage: Stage
  readonly files: ReadonlyMap<string, KeptFile>
  readonly told: Map<string, Told>
  /** Deliveries that were taken in, to be kept like all others. */
  readonly deliveries: DoneDelivery[]
}

const SECOND = 1000

/** Does what the step says. Steps of a story come in their order. */
export async function live(tx: Tx, living: Living, step: PlannedStep): Promise<void> {
  const { story } = step
  if (step.kind === 'in') return hear(tx, living, step)
  const told = living.told.get(story.key)
  if (!told) throw new Error(`${story.key} does not begin with a customer`)
  if (step.kind === 'out') return answer(tx, living, story, told, step)
  if (step.kind === 'note') {
    const input = { conversationId: told.conversationId, body: step.text, clientId: randomUUIDv7() }
    return writeNote(tx, memberAt(living.stage, step.who, step.at), input)
  }
  return act(tx, living, told, step)
}

async function hear(tx: Tx, living: Living, step: PlannedStep & { kind: 'in' }): Promise<void> {
  const { stage, told } = living
  const { story } = step
  const connection = stage.connections.get(story.place)!
  const before = told.get(story.key)
  const parent = before && places[story.place].shape === 'tree' ? before.said.at(step.below ? -1 : 0) : undefined
  const body = Buffer.from(JSON.stringify(deliveryOf(story, step, parent?.externalId ?? null)))
  const delivery: StoredDelivery = { id: randomUUIDv7(), headers: {}, body, receivedAt: step.at }
  const message = withFile(await understand(connection, delivery), step.file, living)
  const actor = programActor(stage.workspaceId, step.at)
  const speaker = { ...message.author, channel: connection.channel, at: step.at }
  const speakers = await knowSpeakers(tx, actor, [speaker])
  const source = { connectionId: connection.id, channel: connection.channel, teamId: connection.teamId, isSample: true }
  const [stored] = await storeInbound(tx, actor, [
    { source, message, speaker: speakers.get(speakerKey(speaker))!, receivedAt: step.at },
  ])
  if (!stored) throw new Error(`${story.key}, line ${step.n + 1} was there already`)
  const { conversationId, messageId: id } = stored
  living.deliveries.push({
    workspaceId: stage.workspaceId,
    id: delivery.id,
    connectionId: connection.id,
    lane: laneOf(connection.id, LANES),
    receivedAt: step.at,
    body,
  })
  const thread = before ?? { conversationId, customerId: speakers.get(speakerKey(speaker))!.customerId, said: [] }
  thread.said.push({ id, externalId: message.externalId, kind: 'in' })
  if (before) return
  told.set(story.key, thread)
  await sort(tx, living, story, thread, step.at)
}

async function understand(
  { connector, id, settings }: KnownConnection,
  delivery: StoredDelivery,
): Promise<InboundMessage> {
  const [event] = await connector.receive(delivery, { connectionId: id, settings })
  if (event?.type !== 'message') throw new Error('a line of a story is a message')
  return event
}

/** The stored file in place of the address that a platform would have given. */
function withFile(message: InboundMessage, name: string | null, { files }: Living): InboundMessage {
  if (name === null) return message
  return { ...message, media: [{ name, stored: storedAs(files, name), mediaType: storedAs(files, name).mediaType }] }
}

function storedAs(files: ReadonlyMap<string, KeptFile>, name: string) {
  const file = files.get(name)
  if (!file) throw new Error(`there is no file called ${name}`)
  const { sha256, size, mediaType, kind, width, height } = file
  return { sha256, size, mediaType, kind, ...(width !== null && { width }), ...(height !== null && { height }) }
}

/** What is known of a story from its first line: its labels, and the team that it belongs to. */
async function sort(tx: Tx, { stage }: Living, story: PlannedStory, told: Told, at: Date): Promise<void> {
  const actor = programActor(stage.workspaceId, new Date(at.getTime() + SECOND))
  const id = told.conversationId
  if (story.team !== null && places[story.place].team !== story.team)
    await assignConversation(tx, actor, { id, teamId: stage.teams.get(story.team)! })
  if (story.labels.length > 0)
    await labelConversation(tx, actor, { id, add: story.labels.map((label) => stage.labels.get(label)!) })
}

async function answer(
  tx: Tx,
  { stage, files }: Living,
  story: PlannedStory,
  told: Told,
  step: PlannedStep & { kind: 'out' },
): Promise<void> {
  const connection = stage.connections.get(story.place)!
  const actor = memberAt(stage, step.who, step.at)
  const clientId = randomUUIDv7()
  const target = told.said.findLast(({ kind }) => kind === 'in') ?? told.said[0]!
  const parentId = places[story.place].shape === 'tree' ? (step.below ? target.id : told.said[0]!.id) : null
  const attachmentIds = step.file === null ? [] : [await upload(tx, actor, files, step.file)]
  await sendMessage(tx, actor, connection, {
    conversationId: told.conversationId,
    body: step.text,
    clientId,
    parentId,
    attachmentIds,
  })
  const externalId = connection.connector.identityFor(clientId, step.at, connection.settings)
  told.said.push({ id: clientId, externalId, kind: 'out' })
  await leave(tx, stage, connection, step, { clientId, externalId })
}

async function upload(tx: Tx, actor: Actor, files: ReadonlyMap<string, KeptFile>, name: string): Promise<string> {
  const id = randomUUIDv7()
  await tx
    .insertInto('attachments')
    .values({
      workspaceId: actor.workspaceId,
      id,
      uploadedBy: actor.id,
      ...files.get(name)!,
      state: 'stored',
      createdAt: actor.at,
    })
    .execute()
  return id
}

const WHY = {
  failed: '422: this number does not take messages any more',
  unknown: 'The connection broke before the gateway answered.',
} as const

/** The way out, as the sender walks it, but at its own time and without a network. */
async function leave(
  tx: Tx,
  stage: Stage,
  connection: KnownConnection,
  { at, outcome }: PlannedStep & { kind: 'out' },
  { clientId, externalId }: { readonly clientId: string; readonly externalId: string },
): Promise<void> {
  const later = (seconds: number): Actor => programActor(stage.workspaceId, new Date(at.getTime() + seconds * SECOND))
  const claims = await claimDue(tx, later(11), connection, 16)
  if (outcome === 'held') return
  const claim = claims.find(({ messageId }) => messageId === clientId)
  if (!claim) throw new Error('an answer of the sample was kept back without a gate')
  const became =
    outcome === 'failed'
      ? ({ state: 'rejected', reason: WHY.failed } as const)
      : outcome === 'unknown'
        ? ({ state: 'unknown', reason: WHY.unknown } as const)
        : ({ state: 'sent', externalId } as const)
  await settle(tx, later(12), connection.id, claim, became, false)
  if (outcome !== 'read') return
  const seen = { type: 'receipt', externalId, state: 'read', at: later(140).at } as const
  await applyChanges(tx, later(140), [{ connectionId: connection.id, event: seen }])
}

async function act(tx: Tx, living: Living, told: Told, step: PlannedStep & { kind: 'act' }): Promise<void> {
  const { stage } = living
  const { story, at, verb, what, text } = step
  const onIt = story.steps.find((one) => one.kind === 'out' || one.kind === 'note')
  const who = onIt && 'who' in onIt ? onIt.who : 'amara'
  const actor = memberAt(stage, who, at)
  const id = told.conversationId
  const words = what.split(' ').filter(Boolean)
  switch (verb) {
    case 'resolve':
      return resolveConversation(tx, actor, { id })
    case 'wait':
      return waitConversation(tx, actor, { id })
    case 'label':
      return labelConversation(tx, actor, { id, add: words.map((word) => required(stage.labels, word)) })
    case 'assign': {
      const team = words.find((word) => stage.teams.has(word))
      const person = words.find((word) => stage.members.has(word))
      return assignConversation(tx, memberAt(stage, 'amara', at), {
        id,
        ...(team && { teamId: stage.teams.get(team)! }),
        ...(person && { assigneeId: stage.members.get(person)! }),
      })
    }
    case 'snooze': {
      const days = Number.parseInt(what, 10)
      return snoozeConversation(tx, actor, { id, until: new Date(living.now.getTime() + days * 86_400 * SECOND) })
    }
    case 'gate':
      await placeGate(tx, memberAt(stage, 'colette', at), { conversationId: id, kind: what, reason: text })
      return
    case 'draft':
      await saveDraft(tx, memberAt(stage, 'me', at), { conversationId: id, kind: 'out', body: text, version: 0 })
      return
    case 'block':
      return blockCustomer(tx, memberAt(stage, 'amara', at), told.customerId, text)
    case 'edit':
    case 'delete': {
      const { externalId } = told.said.findLast(({ kind }) => kind === 'in')!
      const event =
        verb === 'edit'
          ? ({ type: 'edit', externalId, text, at } as const)
          : ({ type: 'deletion', externalId, at } as const)
      await applyChanges(tx, programActor(stage.workspaceId, at), [
        { connectionId: stage.connections.get(story.place)!.id, event },
      ])
    }
  }
}

function memberAt(stage: Stage, key: string, at: Date): Actor {
  const id = required(stage.members, key)
  return { workspaceId: stage.workspaceId, kind: 'member', id, at, permissions: new Set(['*']), teamIds: [] }
}

function required(names: ReadonlyMap<string, string>, key: string): string {
  const id = names.get(key)
  if (id === undefined) throw new Error(`a story speaks of ${key}, whom nobody knows`)
  return id
}
