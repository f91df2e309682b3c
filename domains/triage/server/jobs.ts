import type { KnownConnections } from '#connections/server'
import type { Tasks } from '#platform/jobs'
import { askLargeModel, type LargeModel } from './large-model/ask.ts'
import { ASK_TASK } from './large-model/asked.ts'
import { learn } from './learning/layers.ts'
import { LEARN_TASK } from './learning/tasks.ts'
import { COVER_TASK, coverAll } from './personal-data/covering.ts'
import { REORDER_TASK } from './priority/policies.ts'
import { reorderAll, takeSteps } from './priority/reorder.ts'
import { STEP_TASK } from './priority/steps.ts'
import { assessMessages } from './storing/catch-up.ts'
import { GROUP_TASK, groupLeft } from './storing/grouping.ts'
import { ASSESS_TASK } from './storing/understand.ts'
import type { Assessor } from './worker/assessor.ts'

export const triageTasks = (deps: {
  readonly known: KnownConnections
  readonly assessor: Assessor
  readonly largeModel: LargeModel | null
}): Tasks => ({
  [ASSESS_TASK]: (db, actor, payload) => assessMessages(db, actor, deps, payload['messageIds'] as string[]),
  [STEP_TASK]: (db, actor) => takeSteps(db, actor, deps.known),
  [REORDER_TASK]: (db, actor) => reorderAll(db, actor, deps.known),
  [LEARN_TASK]: (db, actor, payload) => learn(db, actor, payload['kind'] === 'topics' ? 'topics' : 'sentiment'),
  [ASK_TASK]: (db, actor) => askLargeModel(db, actor, deps.known, deps.largeModel),
  [GROUP_TASK]: (db, actor, payload) => groupLeft(db, actor, payload['groups'] as [string, string][]),
  [COVER_TASK]: (db, actor) => coverAll(db, actor),
})
