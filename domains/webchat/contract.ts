// What the widget says to the server, version 1. Sites pin old scripts, so routes and fields here are only ever added.
// Every request names its chat by the public `key` (no secret: it stands in the page), so that even a browser's question
// before the request (CORS) is answered for exactly that chat. Visitors' requests carry their token as a bearer.
import * as t from 'typebox'
import { Id, Moment, nullable, oneOf, pageOf, paging, routes } from '#platform/contract/kernel'

export const TEXT_LENGTH = 5000
export const FILE_BYTES = 10 * 1024 * 1024
export const FILES_A_MESSAGE = 5
export const fileTypes = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
  'application/pdf',
  'text/plain',
] as const
/** Languages that the widget speaks; another one gets English. */
export const widgetLocales = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl', 'tr', 'ar', 'ja', 'zh'] as const

const key = t.String({ minLength: 8, maxLength: 100, pattern: '^[A-Za-z0-9_-]+$' })
const Key = t.Object({ key })
const Name = t.String({ minLength: 1, maxLength: 80 })
const Email = t.String({ minLength: 3, maxLength: 254, format: 'email' })
const PageUrl = t.String({ maxLength: 2000 })
const Locale = t.String({ minLength: 2, maxLength: 35, pattern: '^[A-Za-z0-9-]+$' })

/** Whether people answer now, and when they next will; both null where no hours are shown. */
export const WidgetHours = t.Object({ open: nullable(t.Boolean()), opensAt: nullable(Moment) })
export type WidgetHours = t.Static<typeof WidgetHours>

/** A colour that stands out from its theme's ground (at least 4.5 to 1), and the ink that reads on it. */
export const WidgetAccent = t.Object({ accent: t.String(), ink: t.String() })
export type WidgetAccent = t.Static<typeof WidgetAccent>

export const WidgetConfig = t.Object({
  /** What visitors see as the name of the desk. */
  name: t.String(),
  greeting: nullable(t.String()),
  accents: t.Object({ light: WidgetAccent, dark: WidgetAccent }),
  position: oneOf(['start', 'end']),
  prechat: oneOf(['none', 'optional', 'required']),
  hours: WidgetHours,
  hideMark: t.Boolean(),
  /** Answers that are not read here also go by mail, to a visitor who leaves an address. */
  carriesOn: t.Boolean(),
  /** Paused by the owner: what is there can be read, nothing new is taken. */
  paused: t.Boolean(),
  locales: t.Array(t.String()),
})
export type WidgetConfig = t.Static<typeof WidgetConfig>

export const VisitFile = t.Object({
  id: Id,
  name: t.String(),
  mediaType: t.String(),
  kind: oneOf(['image', 'audio', 'video', 'pdf', 'text', 'other']),
  size: t.Integer(),
  width: nullable(t.Integer()),
  height: nullable(t.Integer()),
})
export type VisitFile = t.Static<typeof VisitFile>

export const VisitMessage = t.Object({
  id: Id,
  /** The id under which the visitor posted it; null for the desk's words. */
  clientId: nullable(t.String()),
  from: oneOf(['visitor', 'desk']),
  author: nullable(t.String()),
  text: t.String(),
  at: Moment,
  /** Together with `at`, the order of the thread. */
  seq: t.Integer(),
  deleted: t.Boolean(),
  /** `received` for the visitor's own; how far the desk's words have come otherwise. */
  state: oneOf(['received', 'sent', 'delivered', 'read']),
  files: t.Array(VisitFile),
  /** The visitor's, and came by mail; or the desk's, and also went by mail. */
  byMail: t.Boolean(),
})
export type VisitMessage = t.Static<typeof VisitMessage>

export const VisitLine = t.Object({
  /** `none` until the first message has been taken in. */
  state: oneOf(['none', 'open', 'resolved']),
  /** Somebody at the desk has read the thread up to here; 0 for nobody yet. */
  deskReadSeq: t.Integer(),
})
export type VisitLine = t.Static<typeof VisitLine>

export const Visit = t.Object({
  visitorId: Id,
  verified: t.Boolean(),
  name: nullable(t.String()),
  email: nullable(t.String()),
  line: VisitLine,
})
export type Visit = t.Static<typeof Visit>

/** Frames of `visitStream`, as the `data:` of events of these names; `id:` is the position for `?after=`. */
export interface VisitFrames {
  /** The newest page, whole: what the browser held before is replaced by it. */
  snapshot: { messages: VisitMessage[]; next: string | null; line: VisitLine }
  /** What changed; a message that is known already is replaced. */
  changes: { messages: VisitMessage[]; line: VisitLine }
  typing: { typing: boolean }
  hours: WidgetHours
  /** A newer window of the same visitor took this stream's place: come back when somebody looks again. */
  replaced: Record<string, never>
}

const Contact = t.Object({ name: t.Optional(Name), email: t.Optional(Email) })
const Identity = t.Object({
  userId: t.String({ minLength: 1, maxLength: 200 }),
  /** Hex of HMAC-SHA-256 over the user id with the connection's identity secret. */
  hmac: t.String({ pattern: '^[0-9a-fA-F]{64}$' }),
  name: t.Optional(Name),
  email: t.Optional(Email),
})

export const webchatRoutes = routes({
  getWidgetConfig: {
    method: 'GET',
    path: '/config',
    summary: 'What the widget shows before anybody has written',
    access: 'public',
    query: Key,
    reply: WidgetConfig,
    problems: ['webchat.no_such_chat', 'webchat.origin_refused'],
    limit: { perMinute: 120 },
  },
  startVisit: {
    method: 'POST',
    path: '/visits',
    summary: 'Make a visitor and a token for this browser; with a signed identity, a person known everywhere',
    access: 'public',
    query: Key,
    body: t.Object({
      contact: t.Optional(Contact),
      identity: t.Optional(Identity),
      /** Token that this browser holds as an unknown visitor: a signed identity takes its line over. */
      formerToken: t.Optional(t.String({ maxLength: 100 })),
      locale: t.Optional(Locale),
      pageUrl: t.Optional(PageUrl),
    }),
    reply: t.Object({ token: t.String(), visit: Visit }),
    problems: ['webchat.identity_refused', 'webchat.contact_missing', 'webchat.too_many_visits', 'webchat.paused'],
    limit: { perMinute: 30 },
  },
  resumeVisit: {
    method: 'GET',
    path: '/visit',
    summary: 'Who this browser is, and how its line stands',
    access: 'visitor',
    query: Key,
    reply: Visit,
    limit: { perMinute: 120 },
  },
  endVisit: {
    method: 'DELETE',
    path: '/visit',
    summary: 'Forget this browser: its token opens nothing any more',
    access: 'visitor',
    query: Key,
  },
  saveContact: {
    method: 'PUT',
    path: '/visit/contact',
    summary: 'Say who wrote',
    access: 'visitor',
    query: Key,
    body: Contact,
    reply: Visit,
    limit: { perMinute: 10 },
  },
  startLine: {
    method: 'POST',
    path: '/visit/line',
    summary: 'Begin a new conversation after the last one was resolved',
    access: 'visitor',
    query: Key,
    reply: Visit,
    problems: ['webchat.still_open'],
    limit: { perMinute: 10 },
  },
  listVisitMessages: {
    method: 'GET',
    path: '/messages',
    summary: 'Read the own conversation from its end, page by page',
    access: 'visitor',
    query: t.Object({ key, ...paging }),
    reply: pageOf(VisitMessage),
    limit: { perMinute: 240 },
  },
  postMessage: {
    method: 'POST',
    path: '/messages',
    summary: 'Write; safe to repeat with the same clientId',
    access: 'visitor',
    query: Key,
    body: t.Object({
      clientId: Id,
      text: t.String({ maxLength: TEXT_LENGTH }),
      attachmentIds: t.Optional(t.Array(Id, { maxItems: FILES_A_MESSAGE })),
      pageUrl: t.Optional(PageUrl),
    }),
    reply: t.Object({ clientId: Id, acceptedAt: Moment }),
    problems: ['webchat.empty_message', 'webchat.no_such_upload', 'webchat.paused', 'webchat.too_many_messages'],
    limit: { perMinute: 60 },
  },
  confirmMessages: {
    method: 'POST',
    path: '/messages/confirm',
    summary: 'Say that answers arrived in the browser, or were looked at',
    access: 'visitor',
    query: Key,
    body: t.Object({ messageIds: t.Array(Id, { minItems: 1, maxItems: 100 }), state: oneOf(['delivered', 'read']) }),
    limit: { perMinute: 240 },
  },
  uploadFile: {
    method: 'POST',
    path: '/files',
    summary: 'Send a file up, to be posted with a message',
    access: 'visitor',
    query: Key,
    upload: { maxBytes: FILE_BYTES },
    reply: VisitFile,
    problems: ['files.too_large', 'files.empty', 'webchat.file_refused', 'webchat.too_many_files', 'webchat.paused'],
    limit: { perMinute: 20 },
  },
  readFile: {
    method: 'GET',
    path: '/files/:id',
    summary: 'The bytes of a file in the own conversation',
    access: 'visitor',
    params: t.Object({ id: Id }),
    query: Key,
    raw: 'file',
  },
  visitStream: {
    method: 'GET',
    path: '/stream',
    summary: 'The own conversation as it happens (text/event-stream)',
    access: 'visitor',
    query: t.Object({ key, after: t.Optional(t.String({ maxLength: 60 })) }),
    raw: 'stream',
    problems: ['webchat.too_many_streams'],
    limit: { perMinute: 120 },
  },
  setTyping: {
    method: 'POST',
    path: '/typing',
    summary: 'Show the desk that the visitor types; never stored',
    access: 'visitor',
    query: Key,
    body: t.Object({ typing: t.Boolean() }),
    limit: { perMinute: 60 },
  },
  getTranscript: {
    method: 'GET',
    path: '/transcript',
    summary: 'The own conversation as text',
    access: 'visitor',
    query: t.Object({ key, timeZone: t.Optional(t.String({ maxLength: 60 })) }),
    raw: 'text',
    limit: { perMinute: 10 },
  },
})
