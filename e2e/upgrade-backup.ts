// Makes the backup from which later versions are upgraded in bin/program/upgrade.test.ts, with a note of what is in it. Once a
// release, from the released tree:
//   node e2e/upgrade-backup.ts            (writes bin/testdata/backup-VERSION.rapport and .json)
// Nothing in it is anybody's: the installation lives for these seconds only, and so do its keys and passwords.
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import sharp from 'sharp'
import type { Kept } from '../bin/program/upgrade-note.ts'
import { customerRoutes } from '#customers/contract'
import { conversationRoutes, conversationStates, labelRoutes, messageRoutes } from '#inbox/contract'
import { peopleRoutes, teamRoutes } from '#workspaces/contract'
import {
  claimRapport,
  connectApi,
  connectWebchat,
  eventually,
  joinRapport,
  messageEvent,
  startRapport,
  visitRapport,
  type Rapport,
  type SignedIn,
} from './harness.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

async function uploadPicture(rapport: Rapport, person: SignedIn) {
  const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#0f6e5c' } })
    .png()
    .toBuffer()
  const body = new FormData()
  body.append('file', new Blob([new Uint8Array(picture)], { type: 'image/png' }), 'boarding pass.png')
  const headers = { cookie: person.cookie, origin: rapport.url }
  const answer = await fetch(`${rapport.url}/api/attachments`, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(`the upload was answered with ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as { id: string; size: number; mediaType: string }
}

async function furnish(rapport: Rapport): Promise<Kept> {
  const owner = await claimRapport(rapport)
  const agent = await joinRapport(rapport, owner, { name: 'Amara Okonkwo', role: 'agent' })
  const { items: members } = await owner.api(peopleRoutes).listMembers({})
  await owner.api(teamRoutes).createTeam({ body: { name: 'Baggage', memberIds: members.map(({ id }) => id) } })
  const label = await owner.api(labelRoutes).createLabel({ body: { name: 'Refund', tone: 'amber' } })
  const system = await connectApi(rapport, owner)
  const visitor = await visitRapport(rapport, await connectWebchat(owner), { name: 'Bao Tran' })

  await visitor.say('My suitcase did not arrive in Lisbon.')
  await system.deliver(
    messageEvent({
      thread: 'T-1',
      from: 'Carla Reyes',
      text: 'Where is my refund?',
      threadFields: { subject: 'Order 4711' },
    }),
    messageEvent({ thread: 'T-1', from: 'Carla Reyes', text: 'It has been two weeks now. Grüße, 你好 👋🏽' }),
    messageEvent({ thread: 'T-2', from: 'Dara Singh', text: 'Thank you, all is well.' }),
  )
  const inbox = agent.api(conversationRoutes)
  const list = await eventually('three conversations', async () => {
    const { items } = await inbox.listConversations({ query: {} })
    return (
      items.length === 3 &&
      items.every(({ messageCount, customerName }) => messageCount > (customerName === 'Carla Reyes' ? 1 : 0)) &&
      items
    )
  })
  const of = (name: string) => list.find(({ customerName }) => customerName === name)!
  const [bao, carla, dara] = [of('Bao Tran'), of('Carla Reyes'), of('Dara Singh')]
  const messages = agent.api(messageRoutes)
  const attachment = await uploadPicture(rapport, agent)
  const answer = (id: string, body: string, attachmentIds: string[] = []) =>
    messages.sendMessage({ params: { id }, body: { body, attachmentIds, clientId: randomUUID() } })
  const sent = await answer(bao.id, 'It is on the next flight. Here is your new tag.', [attachment.id])
  await eventually(
    'the answer has left',
    async () => {
      const { items } = await messages.listMessages({ params: { id: bao.id }, query: {} })
      return items.some(({ id, state }) => id === sent.id && (state === 'sent' || state === 'delivered'))
    },
    30_000,
  )
  await inbox.labelConversation({ params: { id: carla.id }, body: { add: [label.id] } })
  await inbox.assignConversation({
    params: { id: carla.id },
    body: { assigneeId: members.find(({ name }) => name === agent.name)!.id },
  })
  await messages.writeNote({ params: { id: carla.id }, body: { body: 'Paid out on Monday.', clientId: randomUUID() } })
  await inbox.resolveConversation({ params: { id: dara.id }, body: {} })
  const customers = owner.api(customerRoutes)
  await customers.addTags({ params: { id: carla.customerId }, body: { tags: ['frequent flyer'] } })
  await customers.changeCustomer({
    params: { id: carla.customerId },
    body: { attributes: { seat: '14C', flights: 7 } },
  })
  const underWay = await answer(bao.id, 'Has it arrived?')

  const pages = await Promise.all(conversationStates.map((state) => inbox.listConversations({ query: { state } })))
  const items = pages.flatMap((page) => page.items)
  const kept = items
    .toSorted((a, b) => a.id.localeCompare(b.id))
    .map(async ({ id, state, subject, customerName }) => {
      const thread = await messages.listMessages({ params: { id }, query: {} })
      const lines = thread.items
        .toReversed()
        .map((one) => [one.kind, one.body, ...one.attachments.map(({ name }) => name)].join(' · '))
      return { id, state, subject, customerName, messages: lines }
    })
  return {
    members: [owner, agent].map(({ email, password, name }) => ({ email, password, name })),
    connections: [
      { channel: 'api', name: 'Help form' },
      { channel: 'webchat', name: 'Website' },
    ],
    conversations: await Promise.all(kept),
    attachment: { id: attachment.id, size: attachment.size, mediaType: attachment.mediaType },
    underWay: underWay.id,
  }
}

if (import.meta.main) {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const path = join(root, `bin/testdata/backup-${version}.rapport`)
  await using rapport = await startRapport()
  const kept = await furnish(rapport)
  await rm(path, { force: true })
  await promisify(execFile)(process.execPath, [join(root, 'bin/rapport.ts'), 'backup', path, '--with-key'], {
    env: { ...process.env, DATA_DIR: join(rapport.dataDir, 'data') },
  })
  await writeFile(path.replace(/rapport$/, 'json'), `${JSON.stringify(kept, null, 2)}\n`)
  console.log(`${path}: ${(await stat(path)).size} bytes, ${kept.conversations.length} conversations`)
}
