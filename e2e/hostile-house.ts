// Furnishes a workspace so that every word in it which people outside or inside can choose is an attack.
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { connectionRoutes } from '#connections/contract'
import { customerRoutes } from '#customers/contract'
import { conversationRoutes, labelRoutes, messageRoutes } from '#inbox/contract'
import { peopleRoutes, serviceHoursRoutes, teamRoutes, tokenRoutes } from '#workspaces/contract'
import {
  claimRapport,
  connectApi,
  eventually,
  joinRapport,
  messageEvent,
  visitRapport,
  type Rapport,
  type SignedIn,
} from './harness.ts'
import { shortTexts, type Places } from './hostile-texts.ts'

const corpus =
  process.env['RAPPORT_HOSTILE_TEXTS'] ?? fileURLToPath(new URL('../../shared/data/security/', import.meta.url))
if (!existsSync(corpus))
  console.info(`only the texts of this file: the corpus of hostile texts is not beside the repository (${corpus})`)

/** What the corpora hold, thinned out: each of them has stood in a test of the server already. */
function corpusTexts(): string[] {
  if (!existsSync(corpus)) return []
  const lines = ['xss-payloads.txt', 'html5-vectors.txt'].flatMap((name) =>
    readFileSync(corpus + name, 'utf8').split('\n'),
  )
  return lines.filter((line, index) => line.trim() !== '' && index % 25 === 0).map((line) => line.slice(0, 3000))
}

export interface House {
  readonly owner: SignedIn
  readonly chat: { readonly id: string; readonly publicKey: string }
  readonly apiId: string
  readonly customerId: string
  readonly labelId: string
  /** The one that can be answered, with a draft in it. */
  readonly chatted: string
  /** Those with something in them worth opening. */
  readonly conversations: readonly string[]
}

async function upload(rapport: Rapport, person: SignedIn, name: string, type: string, text: string): Promise<string> {
  const body = new FormData()
  body.append('file', new Blob([text], { type }), name)
  const headers = { cookie: person.cookie, origin: rapport.url }
  const answer = await fetch(`${rapport.url}/api/attachments`, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(`the upload was answered with ${answer.status}`)
  return ((await answer.json()) as { id: string }).id
}

export async function furnish(rapport: Rapport, { at }: Places, canary: string): Promise<House> {
  const owner = await claimRapport(rapport, { name: at('owner-name', 80), workspaceName: at('workspace-name', 80) })
  await joinRapport(rapport, owner, { name: at('agent-name', 80), email: 'agent@example.org' })
  await owner
    .api(peopleRoutes)
    .inviteMember({ body: { email: '<svg/onload=__pwned=1>@invited.example', role: 'agent' } })
  await owner.api(teamRoutes).createTeam({ body: { name: at('team-name', 60) } })
  const label = await owner.api(labelRoutes).createLabel({ body: { name: at('label', 40), tone: 'red' } })
  const hours = await owner.api(serviceHoursRoutes).createServiceHours({
    body: {
      name: at('hours-name', 60),
      timeZone: 'UTC',
      weekly: Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]),
      holidays: [{ date: '2099-12-25', name: at('holiday', 60), intervals: [] }],
    },
  })
  await owner.api(tokenRoutes).createToken({ body: { name: at('token-name', 60), scopes: ['read'] } })
  // A log-in from a browser that calls itself something.
  await fetch(`${rapport.url}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': shortTexts[0] },
    body: JSON.stringify({ email: owner.email, password: owner.password }),
  })
  const connections = owner.api(connectionRoutes)
  const { connection: chat } = await connections.createConnection({
    body: {
      channel: 'webchat',
      name: at('chat-name', 80),
      settings: { greeting: at('greeting', 200) },
      serviceHoursId: hours.id,
    },
  })
  const system = await connectApi(rapport, owner, { name: at('connection-name', 80) })
  await system.deliver(
    messageEvent({
      thread: 'hostile',
      from: at('customer-name', 500),
      text: at('message'),
      subject: at('message-subject'),
      threadFields: { subject: at('thread-subject'), facts: { [shortTexts[0]]: shortTexts[1] } },
      author: {
        id: shortTexts[1],
        name: at('customer-name', 500),
        handle: at('handle', 500),
        email: '<svg/onload=__pwned=1>@mail.example',
        avatarUrl: `${canary}/avatar.png`,
        profileUrl: `https://a.example/"onmouseover="__pwned=1`,
        attributes: { [at('attribute-key', 60)]: at('attribute-value') },
      },
      media: [
        { url: `${canary}/media.svg`, name: `${shortTexts[0]}.svg`, mediaType: 'image/svg+xml', alt: shortTexts[1] },
      ],
    }),
  )
  const attacks = corpusTexts().map((text, index) => {
    const author = { id: `corpus-${index % 4}`, name: text.slice(0, 200) }
    return messageEvent({ thread: author.id, from: author.name, text, author })
  })
  for (let from = 0; from < attacks.length; from += 100) await system.deliver(...attacks.slice(from, from + 100))
  // Nobody can understand this one.
  await system.deliver({ type: at('quarantined', 200) })
  const visitor = await visitRapport(rapport, chat.publicKey, {
    name: at('visitor-name', 80),
    email: 'visitor@example.com',
  })
  await visitor.say(at('visitor-text'))

  const inbox = owner.api(conversationRoutes)
  const wanted = 2 + Math.min(4, corpusTexts().length)
  const items = await eventually(
    'all conversations',
    async () => {
      const page = await inbox.listConversations({ query: {} })
      return page.items.length === wanted && page.items
    },
    60_000,
  )
  const main = items.find(({ subject }) => subject?.includes('thread-subject'))!
  const chatted = items.find(({ channel }) => channel === 'webchat')!
  await inbox.labelConversation({ params: { id: main.id }, body: { add: [label.id] } })
  const messages = owner.api(messageRoutes)
  const svg = await upload(
    rapport,
    owner,
    `${shortTexts[0]} upload.svg`,
    'image/svg+xml',
    '<svg xmlns="http://www.w3.org/2000/svg" onload="window.__pwned=1"/>',
  )
  const page = await upload(
    rapport,
    owner,
    `${shortTexts[1]} upload.html`,
    'text/html',
    '<script>window.__pwned=1</script>',
  )
  await messages.writeNote({
    params: { id: main.id },
    body: { body: at('note'), clientId: randomUUID(), attachmentIds: [svg, page] },
  })
  await messages.sendMessage({ params: { id: chatted.id }, body: { body: at('answer'), clientId: randomUUID() } })
  await messages.saveDraft({ params: { id: chatted.id }, body: { kind: 'out', body: at('draft'), version: 0 } })
  const customers = owner.api(customerRoutes)
  const params = { id: main.customerId }
  await customers.addTags({ params, body: { tags: [at('tag', 40)] } })
  await customers.writeCustomerNote({ params, body: { body: at('customer-note') } })
  const quarantined = await eventually(
    'the quarantine',
    async () => (await connections.listQuarantine({ query: {} })).items[0],
    30_000,
  )
  if (quarantined.connectionId !== system.connectionId) throw new Error('something else was quarantined')
  return {
    owner,
    chat: { id: chat.id, publicKey: chat.publicKey },
    apiId: system.connectionId,
    customerId: main.customerId,
    labelId: label.id,
    chatted: chatted.id,
    conversations: items.map(({ id }) => id),
  }
}
