// What every channel has to prove, for Mastodon. What the platform itself has to do with it is proven in the other tests.
import { answer } from '#platform/testing/fake-platform'
import { runConformance, TEST_NOW } from '../conformance.ts'
import { mastodon } from './index.ts'

const credentials = { accessToken: 'a token that is taken' }
const settings = { server: 'social.example', accountId: '7', domain: 'social.example', application: 'Rapport' }
const account = { id: '7', username: 'hollow_air', acct: 'hollow_air' }
const post = (text: string) => ({
  id: '113400000000000011',
  created_at: TEST_NOW.toISOString(),
  visibility: 'direct',
  content: `<p><span class="h-card"><a href="https://social.example/@ada" class="u-url mention">@<span>ada</span></a></span> ${text}</p>`,
  url: 'https://social.example/@hollow_air/113400000000000011',
  account,
  media_attachments: [],
  mentions: [{ id: '9', username: 'ada', acct: 'ada', url: 'https://social.example/@ada' }],
})

runConformance(mastodon, {
  folder: new URL('.', import.meta.url),
  settings,
  sending: {
    connect: (url) => ({ settings: { ...settings, server: url }, credentials }),
    // Nobody to name, so that the words are all that counts.
    outbound: { threadKey: 'line:9', recipient: null },
    taken: { status: 200, body: post('Your bag is on the next flight.') },
    identityIn: ({ headers }) => headers['idempotency-key'],
    lookUp: { found: ({ text }) => answer(200, [post(text)]), absent: answer(200, []) },
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
      away: 'retry',
      refusing: 'retry',
      // It may have stumbled over what comes after storing.
      broken: 'unknown',
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
