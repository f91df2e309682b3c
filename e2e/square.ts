// A network that exists only here and can do all that the contract says: a public square with private lines. Its payload is the
// contract's own events as JSON; what leaves is kept to be looked at.
import { randomUUID } from 'node:crypto'
import * as t from 'typebox'
import type { Connector, InboundEvent, Outbound } from '#channels/connector'

export interface Square {
  readonly connector: Connector
  readonly sent: Outbound[]
  /** Refuses posts that hold this, as a platform's moderation would. */
  refuse: string | null
}

/** `page`: where people are sent to give leave. */
export function aSquare(page: () => string = () => 'https://square.example/allow'): Square {
  const sent: Outbound[] = []
  const square: Square = {
    sent,
    refuse: null,
    connector: {
      id: 'square',
      name: 'Square',
      summary: 'A public square with private lines, for journeys and pictures.',
      settings: t.Object({
        server: t.String({ title: 'Server', description: 'Where your account lives.', maxLength: 200 }),
        account: t.Optional(t.String({ title: 'Account', readOnly: true })),
      }),
      capabilities: {
        receives: ['webhook'],
        visibility: ['public', 'private'],
        shapes: ['tree', 'line'],
        sends: true,
        delivery: 'push',
        textLimits: [{ unit: 'grapheme', max: 300, linksCountAs: 23, mentionsWithoutServer: true }],
        format: 'plain',
        subject: false,
        media: { maxCount: 4, maxBytes: 4 * 1024 * 1024, types: ['image/'], altText: true },
        receipts: [],
        edits: true,
        deletes: true,
        reactions: true,
        startsConversations: false,
        addressees: 'one',
        canLookUp: false,
        install: 'none',
        handle: 'handle',
        moderation: ['hide', 'remove', 'report', 'block', 'mute'],
        invitesToPrivate: true,
        chains: true,
        contentWarning: true,
        carriesOn: false,
      },
      budget: { count: 20, perSeconds: 1, concurrent: 2 },
      verify: () => ({ ok: true }),
      receive: ({ body }) =>
        (JSON.parse(body.toString()) as { events: (InboundEvent & { at: string })[] }).events.map(
          (event) => ({ ...event, at: new Date(event.at) }) as InboundEvent,
        ),
      identityFor: (messageId) => `square-${messageId}`,
      canReply: ({ visibility, facts }) =>
        typeof facts['closed'] === 'string'
          ? { ok: false, why: facts['closed'] }
          : { ok: true, how: visibility === 'public' ? 'Public answer' : 'Private line', until: null, cost: null },
      send: async (outbound) => {
        if (square.refuse !== null && outbound.text.includes(square.refuse))
          return { state: 'rejected', reason: 'The square does not take this.' }
        sent.push(outbound)
        return {
          state: 'sent',
          externalId: `out-${outbound.messageId}`,
          url: `https://square.example/${outbound.messageId}`,
        }
      },
      moderate: async () => ({ state: 'done' }),
      privateLine: async ({ externalId }) => ({ ok: true, threadKey: `line of ${externalId}` }),
      authorization: {
        wanted: () => true,
        begin: async ({ redirectUri, state }) => ({
          url: `${page()}?${new URLSearchParams({ redirect_uri: redirectUri, state })}`,
          kept: { verifier: randomUUID() },
        }),
        finish: async (_, { code }) =>
          code === 'yes'
            ? {
                ok: true,
                credentials: { token: 'square' },
                settings: { account: '@northwind' },
                note: 'Signed in as @northwind.',
              }
            : { ok: false, reason: 'The square was told no.' },
      },
    },
  }
  return square
}

/** Events to `/in/KEY`, as the square delivers them. */
export async function deliverSquare(url: string, publicKey: string, ...events: readonly object[]): Promise<void> {
  const answer = await fetch(`${url}/in/${publicKey}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
  })
  if (!answer.ok) throw new Error(`the delivery was answered with ${answer.status}`)
}
