// A channel that has to be asked, for drills alone: its platform is a numbered list behind HTTP, told page by page.
import * as t from 'typebox'
import { NotFetched, NotUnderstood, type Connector } from '#channels/connector'
import { answer, hangUp, startFakePlatform } from '#platform/testing/fake-platform'
import { seededRandom } from '#platform/testing/random'

interface Item {
  readonly no: number
}

export const feed: Connector = {
  id: 'drill-feed',
  name: 'Drill feed',
  summary: 'A channel of the drills that is fetched from.',
  settings: t.Object({ url: t.String() }),
  capabilities: {
    receives: ['poll'],
    visibility: ['private'],
    shapes: ['line'],
    sends: false,
    delivery: 'push',
    textLimits: [],
    format: 'plain',
    subject: false,
    media: null,
    receipts: [],
    edits: false,
    deletes: false,
    reactions: false,
    startsConversations: false,
    carriesOn: false,
    addressees: 'one',
    canLookUp: false,
    install: 'none',
    handle: 'handle',
    moderation: [],
    invitesToPrivate: false,
    chains: false,
    contentWarning: false,
  },
  budget: { count: 1, perSeconds: 1, concurrent: 1 },
  identityFor: (messageId) => messageId,
  canReply: () => ({ ok: false, why: 'Nothing leaves here.' }),
  pollSeconds: 1,
  async poll(cursor, { settings, fetch }) {
    const after = (cursor as { after: number } | null)?.after ?? 0
    const response = await fetch(`${String(settings['url'])}/items?after=${after}`)
    if (!response.ok) throw new NotFetched('later', response.reason)
    if (response.status !== 200) throw new NotFetched('later', `The platform answered ${response.status}.`)
    const { items, more } = JSON.parse(response.body.toString()) as { items: Item[]; more: boolean }
    const deliveries = items.map((item) => ({ headers: {}, body: Buffer.from(JSON.stringify(item)) }))
    return { deliveries, cursor: { after: items.at(-1)?.no ?? after }, more }
  },
  receive: ({ body, receivedAt }) => {
    const { no } = JSON.parse(body.toString()) as Item
    if (typeof no !== 'number') throw new NotUnderstood('An item has a number.')
    const thread = `feed-${no % 20}`
    return [
      {
        type: 'message',
        externalId: `item-${no}`,
        at: receivedAt,
        author: { externalId: `of-${thread}`, name: `Reader ${thread}` },
        thread: { key: thread, visibility: 'private', shape: 'line' },
        text: `This is item ${no}`,
      },
    ]
  },
}

/** The platform: `size` items, a page of 20 at a time, now and then an error or a line that breaks. */
export async function startFeedPlatform(size: number) {
  const random = seededRandom(size)
  const platform = await startFakePlatform((request, response) => {
    const dice = random.below(20)
    if (dice === 0) return answer(503, {})(request, response)
    if (dice === 1) return hangUp()(request, response)
    const after = Number(new URL(request.path, 'http://platform').searchParams.get('after'))
    const items = Array.from({ length: Math.min(20, size - after) }, (_, i) => ({ no: after + 1 + i }))
    setTimeout(() => answer(200, { items, more: after + items.length < size })(request, response), 15)
  })
  return { url: platform.url, stop: () => platform.stop() }
}
