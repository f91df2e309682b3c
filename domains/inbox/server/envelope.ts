// Whom an answer goes to where it may go to several: everybody that the last message names, unless its writer chose otherwise.
// Nobody is written to by accident: an address that took no part needs a second word, our own is never written to.
import { sql } from 'kysely'
import type { KnownConnection } from '#connections/server'
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { Addressee, Addressees, AddresseesInput, AnswerEnvelope } from '../contract.ts'
import { isCovered } from './covering.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import type { ConversationRow } from './visibility.ts'

type Tables = Pick<InboxTables, 'messages' | 'messageBodies' | 'conversationAddresses' | 'conversationParticipants'> &
  Pick<InboxReads, 'identities'>

export interface Envelope extends Addressees {
  readonly subject: string | null
}

export const severalIn = ({ connector }: KnownConnection): boolean => connector.capabilities.addressees === 'many'

/** Whether an address is one of the connection itself, with or without something behind a plus. */
export function isOwnAddress({ settings }: Pick<KnownConnection, 'settings'>, address: string): boolean {
  const plain = (given: string) =>
    given
      .trim()
      .toLowerCase()
      .replace(/\+[^@]*@/, '@')
  const { address: main, aliases } = settings
  const own = [main, ...(Array.isArray(aliases) ? aliases : [])].filter((one) => typeof one === 'string')
  return own.some((one) => plain(one) === plain(address))
}

/** What an answer is called: the subject once, with one sign that it is an answer. */
export function answerSubject(subject: string | null): string | null {
  const bare = (subject ?? '')
    .replace(/^(?:\s*(?:re|aw|sv|antw|vs|odp|rif|ref|res|ynt)(?:\[\d+\])?\s*:)+\s*/i, '')
    .trim()
  return bare === '' ? null : `Re: ${bare}`.slice(0, 500)
}

/** Pure: an answer to all. The author (or where they want answers) first, everybody else in copy, nobody twice, never ourselves. */
export function answerToAll(
  connection: Pick<KnownConnection, 'settings'>,
  message: {
    readonly author: Addressee | null
    readonly replyTo: readonly Addressee[]
    readonly others: readonly Addressee[]
  },
): Pick<AnswerEnvelope, 'to' | 'cc'> {
  const seen = new Set<string>()
  const fresh = (list: readonly Addressee[]) =>
    list.filter(({ address }) => {
      const key = address.toLowerCase()
      if (seen.has(key) || isOwnAddress(connection, address)) return false
      seen.add(key)
      return true
    })
  const wanted = fresh(message.replyTo)
  const to = wanted.length > 0 ? wanted : fresh(message.author ? [message.author] : [])
  // Who asks for answers elsewhere does not want them twice.
  if (message.author) seen.add(message.author.address.toLowerCase())
  const cc = fresh(message.others)
  return to.length > 0 ? { to, cc } : { to: cc, cc: [] }
}

interface LastRow {
  readonly kind: string
  readonly subject: string | null
  readonly replyTo: unknown
  readonly address: string | null
  readonly name: string | null
  readonly addressees: Addressees | null
}

/** The envelope of an answer to everybody. One statement. */
export async function answerEnvelope(
  tx: Tx<Tables>,
  actor: Actor,
  connection: KnownConnection,
  conversation: Pick<ConversationRow, 'id' | 'subject'>,
): Promise<AnswerEnvelope> {
  const { to, cc, subject } = await readEnvelope(tx, actor, connection, conversation)
  return { to, cc, subject }
}

/** `whole`: the subject as it was written, where the one that is shown is covered. */
async function readEnvelope(
  tx: Tx<Tables>,
  actor: Actor,
  connection: KnownConnection,
  conversation: Pick<ConversationRow, 'id' | 'subject'>,
  parentId?: string | null,
): Promise<AnswerEnvelope & { readonly whole: string | null }> {
  // What a person wrote before what a program did, theirs before ours; a message that is answered by name before all. No server
  // wants an answer to its report, also not where one is answered by name: that goes to whom the rest of the thread is with.
  const { rows } = await sql<LastRow>`
    select m.kind, m.subject, m.data -> 'replyTo' as reply_to, coalesce(i.handle, i.external_id) as address, m.author_name as name, b.addressees
    from messages m
    left join message_bodies b on b.workspace_id = m.workspace_id and b.message_id = m.id
    left join identities i on i.workspace_id = m.workspace_id and i.id = m.identity_id and i.channel = ${connection.channel}
    where m.workspace_id = ${actor.workspaceId}::uuid and m.conversation_id = ${conversation.id}::uuid
      and m.kind in ('in', 'out') and m.state is distinct from 'cancelled' and (m.kind = 'out' or i.id is not null)
    order by coalesce(m.automatic in ('report', 'receipt'), false), m.id is not distinct from ${parentId ?? null}::uuid desc, m.kind, m.automatic is null desc, m.occurred_at desc, m.seq desc
    limit 1
  `.execute(tx)
  const last = rows[0]
  const subject = answerSubject(conversation.subject ?? last?.subject ?? null)
  const whole = isCovered(subject) ? (answerSubject(last?.subject ?? null) ?? subject) : subject
  if (!last) return { to: [], cc: [], subject, whole }
  const { to = [], cc = [] } = last.addressees ?? {}
  if (last.kind === 'out')
    return { ...answerToAll(connection, { author: null, replyTo: to, others: cc }), subject, whole }
  const author = last.address === null ? null : { address: last.address, ...(last.name && { name: last.name }) }
  return {
    ...answerToAll(connection, { author, replyTo: addresseesIn(last.replyTo), others: [...to, ...cc] }),
    subject,
    whole,
  }
}

/** Addressees as a channel wrote them down: one or a list, as addresses or with names. */
function addresseesIn(value: unknown): Addressee[] {
  const list = Array.isArray(value) ? value : [value]
  return list.flatMap((one): Addressee[] => {
    if (typeof one === 'string' && one !== '') return [{ address: one.slice(0, 320) }]
    const { address, name } = (one ?? {}) as { address?: unknown; name?: unknown }
    if (typeof address !== 'string' || address === '') return []
    return [{ address: address.slice(0, 320), ...(typeof name === 'string' && name && { name: name.slice(0, 200) }) }]
  })
}

export interface Addressing {
  readonly addressees?: AddresseesInput | undefined
  readonly subject?: string | null | undefined
  readonly parentId?: string | null | undefined
  readonly confirmNewAddressees?: boolean | undefined
}

/**
 * The envelope of an answer that is about to be stored; null where its channel knows one addressee, and then also none may be
 * given. Problems: `inbox.one_addressee`, `inbox.no_addressee`, `inbox.own_address`, `inbox.new_addressees` (with the addresses).
 */
export async function requireEnvelope(
  tx: Tx<Tables>,
  actor: Actor,
  connection: KnownConnection,
  conversation: Pick<ConversationRow, 'id' | 'subject'>,
  input: Addressing,
): Promise<Envelope | null> {
  if (!severalIn(connection)) {
    if (!input.addressees) return null
    throw new Problem(422, 'inbox.one_addressee', `An answer by ${connection.connector.name} goes to whoever wrote.`)
  }
  const all = await readEnvelope(tx, actor, connection, conversation, input.parentId)
  const wanted = input.subject === undefined ? all.subject : input.subject?.trim() || null
  // The dots are for our eyes: who wrote the subject gets it back as it was.
  const subject = wanted === all.subject ? all.whole : wanted
  const chosen = input.addressees ? choose(connection, input.addressees) : { to: all.to, cc: all.cc, bcc: [] }
  if (chosen.to.length === 0)
    throw new Problem(422, 'inbox.no_addressee', 'There is nobody to send this to yet: add an address.')
  if (input.addressees && !input.confirmNewAddressees) await requireKnown(tx, actor, conversation.id, chosen, all)
  return { ...chosen, subject }
}

/** What a caller chose, everybody once and never ourselves. */
export function choose(connection: Pick<KnownConnection, 'settings'>, input: AddresseesInput): Addressees {
  const seen = new Set<string>()
  const once = (list: readonly Addressee[] = []) =>
    list.flatMap(({ address: given, name }): Addressee[] => {
      const address = given.trim()
      if (isOwnAddress(connection, address))
        throw new Problem(422, 'inbox.own_address', `${address} is this mailbox itself.`, { details: { address } })
      if (seen.has(address.toLowerCase()) || address === '') return []
      seen.add(address.toLowerCase())
      return [{ address, ...(name && { name }) }]
    })
  return { to: once(input.to), cc: once(input.cc), bcc: once(input.bcc) }
}

/** Whether there is something to read here for whoever is let in: a first message that was taken back is nothing. */
async function anyoneWrote(tx: Tx<Tables>, actor: Actor, conversationId: string): Promise<boolean> {
  const found = await tx
    .selectFrom('messages')
    .select('id')
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversationId)
    .where('kind', 'in', ['in', 'out'])
    .where((where) => where.or([where('state', 'is', null), where('state', '<>', 'cancelled')]))
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

async function requireKnown(
  tx: Tx<Tables>,
  actor: Actor,
  conversationId: string,
  { to, cc, bcc }: Addressees,
  all: AnswerEnvelope,
): Promise<void> {
  const offered = new Set([...all.to, ...all.cc].map(({ address }) => address.toLowerCase()))
  const asked = [...to, ...cc, ...bcc].map(({ address }) => address.toLowerCase()).filter((one) => !offered.has(one))
  if (asked.length === 0 || !(await anyoneWrote(tx, actor, conversationId))) return
  const { rows } = await sql<{ address: string }>`
    select address from conversation_addresses where workspace_id = ${actor.workspaceId}::uuid
      and conversation_id = ${conversationId}::uuid and address = any (${asked}::text[])
    union
    select unnest(array[lower(i.external_id), lower(i.handle)]) from conversation_participants p
    join identities i on i.workspace_id = p.workspace_id and i.id = p.identity_id
    where p.workspace_id = ${actor.workspaceId}::uuid and p.conversation_id = ${conversationId}::uuid
  `.execute(tx)
  const known = new Set(rows.map(({ address }) => address))
  const addresses = asked.filter((one) => !known.has(one))
  if (addresses.length === 0) return
  throw new Problem(
    422,
    'inbox.new_addressees',
    `${addresses.join(', ')} took no part in this conversation so far. Confirm that they shall get this answer.`,
    { details: { addresses } },
  )
}
