// Every write of the inbox, seen from a browser that had everything open before.
import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { aMember } from '../../workspaces/server/factories.ts'
import type { Actor } from '#platform/actor'
import type { EventTable } from '#platform/contract/kernel'
import { useDatabase } from '#platform/testing/database'
import { expectRealtimeConsistent, type PrimedQuery } from '#platform/testing/realtime'
import { inboxEvents } from '../contract.ts'
import {
  assignConversation,
  getConversation,
  markRead,
  reopenConversation,
  resolveConversation,
  snoozeConversation,
  waitConversation,
  wakeConversation,
} from './conversations.ts'
import { getDraft, saveDraft } from './drafts.ts'
import { aConversation, anInbox, at, minute, takeIn, type MadeInbox } from './factories.ts'
import { liftGate, overrideGate, placeGate } from './gates.ts'
import { archiveLabel, changeLabel, createLabel, labelConversation, listLabels } from './labels.ts'
import { countConversations, listConversations } from './lists.ts'
import { listMessages, writeNote } from './messages.ts'
import { sendMessage, undoMessage } from './sending.ts'

const database = useDatabase()
let inbox: MadeInbox
let member: Actor

beforeAll(async () => {
  inbox = await anInbox(database.db)
  member = await aMember(database.db, inbox.workspaceId, { role: 'admin' })
})
