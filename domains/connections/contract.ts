import * as t from 'typebox'
import { Id, IdParams, Moment, events, nullable, oneOf, pageOf, paging, routes } from '#platform/contract/kernel'

/** A kind of place, with what it can do as data and the form of its settings as JSON Schema. */
export const Channel = t.Object(
  {
    id: t.String(),
    name: t.String(),
    summary: t.String(),
    capabilities: t.Record(t.String(), t.Unknown()),
    settings: t.Record(t.String(), t.Unknown()),
    /** What a person can ask of it beside connecting: the routes of these names. */
    offers: t.Array(oneOf(['test', 'advice', 'discover', 'backfill', 'authorization'])),
  },
  { $id: 'Channel' },
)
export type Channel = t.Static<typeof Channel>

export const connectionStates = ['active', 'paused', 'removed'] as const
export const healthStates = ['unknown', 'ok', 'degraded', 'broken'] as const

export const Connection = t.Object(
  {
    id: Id,
    channel: t.String(),
    name: t.String(),
    publicKey: t.String(),
    /** Without the secret ones; `secretFields` tells which of those are set. */
    settings: t.Record(t.String(), t.Unknown()),
    secretFields: t.Array(t.String()),
    state: oneOf(connectionStates),
    teamId: nullable(Id),
    serviceHoursId: nullable(Id),
    health: oneOf(healthStates),
    healthReason: nullable(t.String()),
    healthAt: nullable(Moment),
    lastDeliveryAt: nullable(Moment),
    lastSentAt: nullable(Moment),
    /** Deliveries stored and not yet understood, and how long the oldest has waited, in seconds. */
    waiting: t.Integer(),
    lagSeconds: t.Integer(),
    quarantined: t.Integer(),
    /** What comes below every answer; `{agent}` stands for the name of who wrote it. Empty: nothing. */
    signature: t.String(),
    /** What people should know of it although it works. */
    notes: t.Array(t.String()),
    refusedToday: t.Integer(),
    /** Whether it works by leave given on the platform's own page, and not by what is set here. */
    byLeave: t.Boolean(),
    /** Of channels that Rapport fetches from; null for all others. `secondsSince` the last success, or since connecting. */
    fetching: nullable(
      t.Object({
        lastSuccessAt: nullable(Moment),
        secondsSince: t.Integer(),
        nextAt: nullable(Moment),
        streaming: t.Boolean(),
        failures: t.Integer(),
      }),
    ),
    /** While older messages are being fetched: how many so far, how far back it shall go, and the oldest that is here. */
    catchingUp: nullable(t.Object({ done: t.Integer(), from: nullable(t.String()), oldest: nullable(t.String()) })),
    createdAt: Moment,
  },
  { $id: 'Connection' },
)
export type Connection = t.Static<typeof Connection>

const Settings = t.Record(t.String(), t.Unknown())
const Tried = t.Object({ ok: t.Boolean(), note: t.String(), field: t.Optional(t.String()) })
const ChannelParams = t.Object({ channel: t.String({ maxLength: 40 }) })

/** Something that has to stand outside (a DNS record), and whether it does. */
export const Advice = t.Object(
  {
    id: t.String(),
    why: t.String(),
    record: t.Object({ type: oneOf(['TXT', 'MX', 'CNAME']), name: t.String(), value: t.String() }),
    state: oneOf(['right', 'missing', 'different', 'unclear']),
    found: t.Optional(t.String()),
  },
  { $id: 'Advice' },
)
export type Advice = t.Static<typeof Advice>
const Name = t.String({ minLength: 1, maxLength: 80 })

export const QuarantinedDelivery = t.Object(
  {
    id: Id,
    connectionId: Id,
    connectionName: t.String(),
    channel: t.String(),
    receivedAt: Moment,
    attempts: t.Integer(),
    reason: t.String(),
    size: t.Integer(),
    /** The beginning of what was delivered, as text; bytes that are none are shown as dots. */
    excerpt: t.String(),
  },
  { $id: 'QuarantinedDelivery' },
)
export type QuarantinedDelivery = t.Static<typeof QuarantinedDelivery>

export const connectionRoutes = routes({
  listChannels: {
    method: 'GET',
    path: '/channels',
    summary: 'Kinds of places that can be connected',
    access: 'member',
    reply: t.Object({ items: t.Array(Channel) }),
  },
  listConnections: {
    method: 'GET',
    path: '/connections',
    summary: 'Connected accounts with their health',
    access: 'connections.read',
    reply: t.Object({ items: t.Array(Connection) }),
  },
  getConnection: {
    method: 'GET',
    path: '/connections/:id',
    summary: 'One connected account',
    access: 'connections.read',
    params: IdParams,
    reply: Connection,
  },
  createConnection: {
    method: 'POST',
    path: '/connections',
    summary: 'Connect an account; made secrets are shown once in the reply',
    access: 'connections.manage',
    body: t.Object({
      channel: t.String({ maxLength: 40 }),
      name: Name,
      settings: t.Optional(Settings),
      teamId: t.Optional(nullable(Id)),
      serviceHoursId: t.Optional(nullable(Id)),
    }),
    reply: t.Object({ connection: Connection, secrets: t.Record(t.String(), t.String()) }),
    problems: [
      'connections.no_such_channel',
      'connections.bad_settings',
      'connections.no_such_team',
      'connections.no_such_hours',
      'connections.address_taken',
    ],
  },
  changeConnection: {
    method: 'PATCH',
    path: '/connections/:id',
    summary: 'Change name, settings, team or hours; a setting left out stays as it is, null takes it away',
    access: 'connections.manage',
    params: IdParams,
    body: t.Object({
      name: t.Optional(Name),
      settings: t.Optional(Settings),
      teamId: t.Optional(nullable(Id)),
      serviceHoursId: t.Optional(nullable(Id)),
    }),
    reply: Connection,
    problems: [
      'connections.bad_settings',
      'connections.no_such_team',
      'connections.no_such_hours',
      'connections.address_taken',
    ],
  },
  testConnection: {
    method: 'POST',
    path: '/connections/:id/test',
    summary: 'Try whether the platform can be reached with these settings',
    access: 'connections.manage',
    params: IdParams,
    reply: Tried,
    limit: { perMinute: 20 },
  },
  trySettings: {
    method: 'POST',
    path: '/channels/:channel/test',
    summary: 'Try settings before they are stored; secrets must be given, stored ones are not used',
    access: 'connections.manage',
    params: ChannelParams,
    body: t.Object({ settings: Settings }),
    reply: Tried,
    problems: ['connections.no_such_channel', 'connections.bad_settings'],
    limit: { perMinute: 20 },
  },
  discoverSettings: {
    method: 'POST',
    path: '/channels/:channel/discover',
    summary: 'Guess settings from an address; null when nothing is known',
    access: 'connections.manage',
    params: ChannelParams,
    body: t.Object({ address: t.String({ minLength: 1, maxLength: 320 }) }),
    reply: t.Object({ settings: nullable(Settings) }),
    problems: ['connections.no_such_channel'],
    limit: { perMinute: 20 },
  },
  getAdvice: {
    method: 'GET',
    path: '/connections/:id/advice',
    summary: 'What has to stand outside for this connection to work well, looked up now',
    access: 'connections.manage',
    params: IdParams,
    reply: t.Object({ items: t.Array(Advice) }),
    problems: ['connections.no_advice'],
    limit: { perMinute: 20 },
  },
  backfillConnection: {
    method: 'POST',
    path: '/connections/:id/backfill',
    summary: 'Fetch what is as old as this day, too; how far it has come stands in the connection',
    access: 'connections.manage',
    params: IdParams,
    body: t.Object({ from: Moment }),
    reply: Connection,
    problems: ['connections.no_backfill', 'connections.future_date'],
    limit: { perMinute: 20 },
  },
  pauseConnection: {
    method: 'POST',
    path: '/connections/:id/pause',
    summary: 'Stop sending and fetching; what is delivered is still stored',
    access: 'connections.manage',
    params: IdParams,
    reply: Connection,
  },
  resumeConnection: {
    method: 'POST',
    path: '/connections/:id/resume',
    summary: 'Go on after a pause',
    access: 'connections.manage',
    params: IdParams,
    reply: Connection,
  },
  removeConnection: {
    method: 'DELETE',
    path: '/connections/:id',
    summary: 'Disconnect for good; conversations stay, secrets are forgotten',
    access: 'connections.manage',
    params: IdParams,
  },
  revealSecrets: {
    method: 'POST',
    path: '/connections/:id/renew-secrets',
    summary: 'Make new secrets and show them once; the old ones stop working',
    access: 'connections.manage',
    params: IdParams,
    reply: t.Object({ secrets: t.Record(t.String(), t.String()) }),
    problems: ['connections.no_made_secrets'],
  },
  listQuarantine: {
    method: 'GET',
    path: '/quarantine',
    summary: 'Deliveries that could not be understood, newest first',
    // It shows what customers wrote, whoever's team it would have gone to.
    access: 'connections.manage',
    query: t.Object({ ...paging, connection: t.Optional(Id) }),
    reply: pageOf(QuarantinedDelivery),
  },
  retryQuarantine: {
    method: 'POST',
    path: '/quarantine/retry',
    summary: 'Try quarantined deliveries again: the named ones, or all (up to 100,000 at once)',
    access: 'connections.manage',
    body: t.Object({ ids: t.Optional(t.Array(Id, { maxItems: 500 })) }),
    reply: t.Object({ count: t.Integer() }),
  },
  dismissQuarantine: {
    method: 'POST',
    path: '/quarantine/dismiss',
    summary: 'Let quarantined deliveries rest, with a reason on record',
    access: 'connections.manage',
    body: t.Object({
      ids: t.Array(Id, { minItems: 1, maxItems: 500 }),
      reason: t.String({ minLength: 3, maxLength: 300 }),
    }),
    reply: t.Object({ count: t.Integer() }),
  },
})

const Of = t.Object({ connectionId: Id, changed: t.Array(t.String()) })
const stale = [['connections'], ['connection', '$connectionId']] as const

export const connectionEvents = events({
  'connections.connected': { summary: 'An account was connected', data: Of, stale },
  'connections.changed': { summary: 'Name, settings, team or hours changed', data: Of, stale },
  'connections.paused': { summary: 'It was paused', data: Of, stale },
  'connections.resumed': { summary: 'It goes on', data: Of, stale },
  'connections.removed': { summary: 'It was disconnected', data: Of, stale },
  'connections.secrets_renewed': { summary: 'Its secrets were made anew', data: Of, stale },
  'connections.health_changed': { summary: 'It works again, or no longer does', data: Of, stale },
  'connections.delivery_quarantined': {
    summary: 'A delivery could not be understood',
    data: t.Object({ connectionId: Id, deliveryId: Id }),
    stale: [['quarantine'], ...stale],
  },
  'connections.quarantine_retried': {
    summary: 'Quarantined deliveries are tried again',
    data: t.Object({ count: t.Integer() }),
    stale: [['quarantine'], ['connections']],
  },
  'connections.quarantine_dismissed': {
    summary: 'Quarantined deliveries were let rest',
    data: t.Object({ deliveryIds: t.Array(Id), reason: t.String() }),
    stale: [['quarantine'], ['connections']],
  },
})
