// What other domains, the program and the command line may call of triage.
export type { AssessOptions } from './assess.ts'
export { intents, type Assessment, type Intent, type Sentiment, type Toxicity } from './assessment.ts'
export { areNearDuplicates, bandsOf, duplicateKey, duplicateSimilarity, type DuplicateKey } from './duplicates.ts'
export type { LayerWeights } from './layer.ts'
export type { Correction } from './learn.ts'
export { triageTasks } from './jobs.ts'
export type { LargeModel } from './large-model/ask.ts'
export { ModelFileError } from './models/file.ts'
export type { Models } from './models/models.ts'
export {
  findPersonalData,
  maskPersonalData,
  type PersonalDataKind,
  type PersonalDataSpan,
} from './personal-data/find.ts'
export { defaultPolicy } from './priority/default-policy.ts'
export { readPublicPolicy } from './priority/policies.ts'
export { policyTranslator, type PolicyTranslator } from './priority/policy-texts.ts'
export { rulesInWords, saysOfReach } from './priority/rules-in-words.ts'
export { triageReactions } from './reactions.ts'
export { triagePlugins, type TriageRouteDeps } from './routes.ts'
export { severities, type Severity } from './severity/severity.ts'
export { assessLater, tidyTriage } from './storing/catch-up.ts'
export { openTriage, type Triage } from './storing/understand.ts'
export type { TopicExample, TopicWeights } from './topics.ts'
export { canSeeTriageEvent } from './visibility.ts'
export type { ModelState } from './worker/assessed.ts'
export { openAssessor, type Assessor } from './worker/assessor.ts'

export type { Trainable } from './training/build.ts'

/** The models and all that is done with them: tens of megabytes, loaded when asked for. */
export const loadWorkshop = () => import('./workshop.ts')
