import { describe, expect, test } from 'vitest'
import { compileSchema } from '#platform/http/validate'
import { answer } from '#platform/testing/fake-platform'
import { runConformance, TEST_NOW } from '../conformance.ts'
import { bluesky } from './index.ts'
import { tidFor } from './tid.ts'
import { readAccount } from './settings.ts'

const did = 'did:plc:acme2222222222222222222a'
const root = `at://did:plc:mia22222222222222222222a/app.bsky.feed.post/3lxr2abcdef2a`
const cid = 'bafyreihqdrxqvkyk5yqzqjzl5rh3kbf6i2mnvwrcxzjxy2sfmmmdvzkxlq'
const rkey = tidFor('019936a0-0000-7000-8000-0000000000a1', TEST_NOW)
const record = { uri: `at://${did}/app.bsky.feed.post/${rkey}`, cid }

let logins = 0

runConformance(bluesky, {
  folder: new URL('.', import.meta.url),
  settings: { identifier: 'acme.test' },
  sending: {
    // Another password each time: every send signs in first.
    connect: (url) => ({
      settings: { identifier: 'acme.test', service: url, plcDirectory: url, handleResolver: url },
      credentials: { appPassword: `password ${++logins}` },
    }),
    before: [answer(200, { accessJwt: 'a', refreshJwt: 'r', handle: 'acme.test', did })],
    outbound: {
      visibility: 'public',
      threadKey: root,
      parentExternalId: root,
      threadFacts: { rootUri: root, rootCid: cid, lastUri: root, lastCid: cid },
    },
    taken: { status: 200, body: { ...record, validationStatus: 'valid' } },
    identityIn: (request) => {
      const body = request.body.length > 0 ? JSON.parse(request.body.toString('utf8')) : {}
      return body.rkey ?? new URL(request.path, 'http://x').searchParams.get('rkey') ?? undefined
    },
    lookUp: {
      found: () => answer(200, { ...record, value: {} }),
      absent: answer(400, { error: 'RecordNotFound', message: 'Could not locate record' }),
    },
    overLimit: 'rejected',
    outcomes: {
      unauthorised: 'reauthorize',
      forbidden: 'reauthorize',
      missing: 'rejected',
      gone: 'rejected',
      invalid: 'rejected',
      limited: 'retry',
      limitedToADate: 'retry',
      limitedOddly: 'retry',
      // A server that broke may have kept the record before it did; asking for its key tells.
      broken: 'unknown',
      away: 'retry',
      refusing: 'retry',
      redirecting: 'unknown',
      late: 'unknown',
      silent: 'unknown',
      hangingUp: 'unknown',
      closingHalfway: 'unknown',
      endless: 'unknown',
      babbling: 'unknown',
      answeringTwice: 'sent',
    },
  },
})

describe('settings', () => {
  const check = compileSchema({ schema: bluesky.settings, httpPart: 'body', method: 'POST', url: '' }) as (
    value: unknown,
  ) => { readonly error?: { readonly fields?: readonly { readonly path: string }[] } }
  const wrong = (value: unknown) => check(value).error?.fields?.map(({ path }) => path) ?? []

  test('may be an account alone, with or without an @', () => {
    for (const identifier of ['acme.bsky.social', '@acme.example', did, ' acme.test '])
      expect(wrong({ identifier })).toEqual([])
    expect(readAccount({ identifier: ' @Acme.Example ' }).identifier).toBe('acme.example')
  })

  test('may all be set', () => {
    const all = {
      identifier: 'acme.test',
      signIn: 'oauth',
      appPassword: 'abcd-efgh-ijkl-mnop',
      service: 'http://localhost:2583',
      chat: false,
      backfillFrom: '2026-01-31',
      linkCards: false,
      appView: 'did:web:api.bsky.app#bsky_appview',
      chatService: 'did:web:api.bsky.chat#bsky_chat',
      moderationService: 'did:plc:ar7c4by46qjdydhdevvrndac#atproto_labeler',
      plcDirectory: 'https://plc.directory',
      handleResolver: 'https://public.api.bsky.app',
    }
    expect(wrong(all)).toEqual([])
    expect(readAccount(all, { appPassword: ' abcd-efgh-ijkl-mnop ' })).toMatchObject({
      signIn: 'oauth',
      appPassword: 'abcd-efgh-ijkl-mnop',
      service: 'http://localhost:2583',
      appView: { proxy: 'did:web:api.bsky.app#bsky_appview' },
      chat: false,
      linkCards: false,
    })
    expect(readAccount({ appView: 'https://appview.example/' }).appView).toEqual({ url: 'https://appview.example' })
  })

  test.each([
    ['identifier', 'a b'],
    ['signIn', 'key'],
    ['service', 'pds.example'],
    ['backfillFrom', 'yesterday'],
    ['appView', 'api.bsky.app'],
    ['chatService', 'did:web:api.bsky.chat'],
    ['colour', 'blue'],
  ])('refuse %s: %s', (name, value) => {
    expect(wrong({ identifier: 'acme.test', [name]: value })).toEqual([name])
  })
})

describe('whether a thread can be answered', () => {
  const settings = { identifier: 'acme.test' }
  const ask = (facts: Readonly<Record<string, unknown>>, visibility: 'public' | 'private' = 'public', more = {}) =>
    bluesky.canReply({ visibility, lastInboundAt: TEST_NOW, facts }, TEST_NOW, { ...settings, ...more })

  test('names what the answer will be', () => {
    expect(ask({})).toEqual({ ok: true, how: 'Public post', until: null, cost: null })
    expect(ask({ replyDisabled: false, gate: 'nobody' })).toMatchObject({ ok: true })
    expect(ask({}, 'private')).toMatchObject({ ok: true, how: 'Direct message' })
  })

  test('gives the reason why not', () => {
    expect(ask({ replyDisabled: true, gate: 'nobody' })).toEqual({
      ok: false,
      why: 'Whoever began this thread lets nobody answer.',
    })
    expect(ask({ replyDisabled: true, gate: 'those who follow the author' })).toMatchObject({
      why: expect.stringContaining('those who follow the author'),
    })
    expect(ask({ blockedBy: true })).toMatchObject({ why: expect.stringContaining('blocks your account') })
    expect(ask({ blocking: true })).toMatchObject({ why: expect.stringContaining('Unblock') })
    expect(ask({ chatDisabled: true }, 'private')).toMatchObject({ ok: false })
    expect(ask({ locked: true }, 'private')).toMatchObject({ ok: false })
    expect(ask({}, 'private', { chat: false })).toMatchObject({ why: expect.stringContaining('switched off') })
    expect(ask({}, 'private', { chatAccess: 'refused' })).toMatchObject({ ok: false })
    expect(ask({}, 'public', { chatAccess: 'refused' })).toMatchObject({ ok: true })
    expect(bluesky.canReply({ visibility: 'public', lastInboundAt: null, facts: {} }, TEST_NOW, {})).toMatchObject({
      ok: false,
    })
  })
})
