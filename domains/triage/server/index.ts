// What other domains, the program and the command line may call of triage.
export { assess, measuredLanguages, type AssessOptions } from './assess.ts'
export { intents, type Assessment, type Intent, type Sentiment, type Toxicity } from './assessment.ts'
export { areNearDuplicates, bandsOf, duplicateKey, duplicateSimilarity, type DuplicateKey } from './duplicates.ts'
export { decodeLayer, encodeLayer, type LayerWeights } from './layer.ts'
export { learnLayer, type Correction } from './learn.ts'
export { triageTasks } from './jobs.ts'
export type { LargeModel } from './large-model/ask.ts'
export { ModelFileError } from './models/file.ts'
export { loadModels, type Models } from './models/models.ts'
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
export {
  labelsOfMessagesPlugin,
  learningPlugin,
  priorityPlugin,
  proposalsPlugin,
  topicsPlugin,
  triageSettingsPlugin,
  type TriageRouteDeps,
} from './routes.ts'
export { severities, type Severity } from './severity/severity.ts'
export { assessLater } from './storing/catch-up.ts'
export { openTriage, type Triage } from './storing/understand.ts'
export { learnTopics, type TopicExample, type TopicWeights } from './topics.ts'
export { defaultTopics } from './default-topics.ts'
export { tokenise } from './text/features.ts'
export { sampleMessages } from './training/phrasebook.ts'
export { buildModels as trainModels, rebuildSeverity } from './training/build.ts'
export { evaluate as evaluateModels } from './evaluation/evaluate.ts'
export { canSeeTriageEvent } from './visibility.ts'
export type { ModelState } from './worker/assessed.ts'
export { openAssessor, type Assessor } from './worker/assessor.ts'
